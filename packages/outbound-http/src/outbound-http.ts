import { Agent, request as send, type Dispatcher } from 'undici';
import { parseAllowList } from './allow-list.js';
import { checkUrl, type UrlRules } from './check-url.js';
import { guardedConnector, type Resolver } from './guarded-connector.js';
import { judgeFailure } from './judge-failure.js';
import { judgeResponse } from './judge-response.js';
import { readCapped } from './read-capped.js';
import { watchStart } from './watch-start.js';
import { withTimeLimit } from './with-time-limit.js';

export interface OutboundHttpOptions {
  /** What may be called outside the public internet or on another port: `host:port` or a subnet. */
  readonly allowPrivate?: readonly string[];
  /** Ports of public hosts that may be called; default 80 and 443. */
  readonly ports?: readonly number[];
  /** Milliseconds to a connection, TLS included; default 3,000. */
  readonly connectTimeoutMs?: number;
  /** Milliseconds from the sent request to the answer's headers; default 10,000. */
  readonly headersTimeoutMs?: number;
  /** Milliseconds between two pieces of the answer's body; default 5,000. */
  readonly bodyTimeoutMs?: number;
  /** Bytes of an answer that are read; default 65,536. */
  readonly responseBytesMax?: number;
  readonly resolve?: Resolver;
}

export interface OutboundRequest {
  readonly url: string;
  /** Default POST. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** The receiver acts once however often the request comes; default false. Decides what a lost answer means. */
  readonly idempotent?: boolean;
  /** Aborts the call, e.g. the attempt's signal. */
  readonly signal?: AbortSignal;
  /** Milliseconds for the whole call; default and at most 15,000. */
  readonly deadlineMs?: number;
}

export interface OutboundResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The answer was longer than `responseBytesMax`. */
  readonly truncated: boolean;
}

/** The one way out over HTTP. */
export interface OutboundHttp {
  /**
   * Resolves with a 2xx answer. Rejects with a SignalboxError: `outbound_blocked` (address not allowed),
   * `outbound_refused` (the receiver will never take it), `outbound_failed` (try again; RetryAfterError when it said
   * when), `outcome_unknown` (a call that is not idempotent was sent and never answered). Redirects are not followed.
   */
  request(request: OutboundRequest): Promise<OutboundResponse>;
  /** Throws `outbound_blocked` for a URL that would be refused by its form or its literal address. */
  check(url: string): void;
  /** Ends open connections. */
  close(): Promise<void>;
}

const deadlineMsMax = 15_000;
const userAgent = 'Signalbox/0.1';

/** Opens the way out. Throws `config_invalid` for a malformed allow-list. */
export function createOutboundHttp(options: OutboundHttpOptions = {}): OutboundHttp {
  const allowList = parseAllowList(options.allowPrivate ?? []);
  const rules: UrlRules = { allowList, ports: options.ports ?? [80, 443] };
  const agents = createAgents(options, rules);
  return {
    request: (request) => perform(agents, rules, options.responseBytesMax ?? 65_536, request),
    check: (url) => void checkUrl(url, rules),
    close: async () => {
      await Promise.all([agents.pooled.destroy(), agents.fresh.destroy()]);
    },
  };
}

interface Agents {
  readonly pooled: Agent;
  /** One connection a call: a kept one that its server just closed would make an outcome unknown for nothing. */
  readonly fresh: Agent;
}

function createAgents(options: OutboundHttpOptions, { allowList }: UrlRules): Agents {
  const common = {
    headersTimeout: options.headersTimeoutMs ?? 10_000,
    bodyTimeout: options.bodyTimeoutMs ?? 5_000,
    connect: guardedConnector({
      allowList,
      connectTimeoutMs: options.connectTimeoutMs ?? 3_000,
      ...(options.resolve === undefined ? {} : { resolve: options.resolve }),
    }),
  };
  return { pooled: new Agent(common), fresh: new Agent({ ...common, pipelining: 0 }) };
}

async function perform(
  agents: Agents,
  rules: UrlRules,
  responseBytesMax: number,
  request: OutboundRequest,
): Promise<OutboundResponse> {
  const url = checkUrl(request.url, rules);
  const idempotent = request.idempotent ?? false;
  const watched = watchStart(idempotent ? agents.pooled : agents.fresh);
  const limitMs = Math.min(request.deadlineMs ?? deadlineMsMax, deadlineMsMax);
  try {
    const answer = await withTimeLimit(limitMs, request.signal, async (signal) => {
      const { statusCode, headers, body } = await send(url, callOptions(request, watched.dispatcher, signal));
      return {
        status: statusCode,
        headers: singleValues(headers),
        ...(await readCapped(body, responseBytesMax)),
      };
    });
    const facts = {
      status: answer.status,
      retryAfter: answer.headers['retry-after'],
      bodyText: answer.body.toString('utf8'),
    };
    const problem = judgeResponse(url.host, facts, Date.now());
    if (problem) throw problem;
    return answer;
  } catch (error) {
    throw judgeFailure(url.host, error, idempotent, watched.started());
  }
}

function callOptions(request: OutboundRequest, dispatcher: Dispatcher, signal: AbortSignal) {
  return {
    dispatcher,
    method: request.method ?? 'POST',
    headers: { 'user-agent': userAgent, ...request.headers },
    body: request.body ?? null,
    signal,
  };
}

function singleValues(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as const],
  );
  return Object.fromEntries(entries);
}
