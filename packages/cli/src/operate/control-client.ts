import { SignalboxError, errorCodes, type ErrorCode, type ErrorPointer } from '@signalbox/errors';
import { localState } from '@signalbox/local-stack';

const answerWithinMs = 15_000;

/** The control API of one agent. */
export interface ControlClient {
  readonly agent: string;
  /** Rejects with the error the agent answers with, or `outbound_failed` when it does not. */
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: object): Promise<T>;
}

/** How a command names the agent it is for. */
export interface AgentOptions {
  readonly agent: string;
  readonly url?: string;
}

/**
 * A client for an agent of the local stack, by its short name or its app's, or for the one at `url`. Throws `not_found`
 * with the agents there are.
 */
export function controlClient({ agent, url }: AgentOptions): ControlClient {
  const state = localState();
  const app = state.apps.find((one) => one.agent === agent || (one.agent && one.name === agent));
  const base = url ?? app?.url;
  if (base === undefined) {
    const known = state.apps.flatMap((one) => one.agent ?? []).join(', ');
    throw new SignalboxError('not_found', `There is no agent '${agent}'.`, {
      action: `Known are: ${known}. One that runs elsewhere needs --url.`,
    });
  }
  const call = <T>(path: string, init: RequestInit): Promise<T> =>
    ask<T>(new URL(`/control${path}`, base), init, state.controlToken, agent);
  return {
    agent: app?.agent ?? agent,
    get: (path) => call(path, {}),
    post: (path, body) =>
      call(path, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
  };
}

async function ask<T>(url: URL, init: RequestInit, token: string, agent: string): Promise<T> {
  const headers = { ...(init.headers as Record<string, string>), authorization: `Bearer ${token}` };
  const signal = AbortSignal.timeout(answerWithinMs);
  const response = await fetch(url, { ...init, headers, signal }).catch((cause: unknown) => {
    throw new SignalboxError('outbound_failed', `Agent ${agent} does not answer at ${url.origin}.`, {
      cause,
      action: 'Start the stack with `npm start` and look at `npx signalbox status`.',
    });
  });
  const body = (await response.json().catch(() => ({}))) as Partial<Problem>;
  if (response.ok) return body as T;
  throw errorOf(body, response.status, agent);
}

interface Problem {
  readonly code: string;
  readonly detail: string;
  readonly action: string;
  readonly pointers: readonly ErrorPointer[];
}

function errorOf({ code, detail, action, pointers }: Partial<Problem>, status: number, agent: string): Error {
  if (code === undefined || !Object.hasOwn(errorCodes, code))
    return new SignalboxError('outbound_failed', `Agent ${agent} answered with status ${status}.`, {
      action: 'Is this the address of an agent? Its control API lies under /control.',
    });
  return new SignalboxError(code as ErrorCode, detail ?? '', {
    ...(action === undefined ? {} : { action }),
    ...(pointers === undefined ? {} : { pointers }),
  });
}
