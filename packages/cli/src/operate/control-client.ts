import { SignalboxError, errorCodes, type ErrorCode, type ErrorPointer } from '@signalbox/errors';
import { localState } from '@signalbox/local-stack';
import { answerObject } from './answer-object.js';

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
    ask<T>(new URL(`/control${path}`, base), init, state.controlToken, `agent ${agent}`);
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

/** Asks a control API; `whom` names it in errors. Rejects with the error it answers with, or `outbound_failed`. */
export async function ask<T>(
  url: URL,
  init: RequestInit,
  token: string,
  whom: string,
  withinMs = answerWithinMs,
): Promise<T> {
  const headers = { ...(init.headers as Record<string, string>), authorization: `Bearer ${token}` };
  const signal = AbortSignal.timeout(withinMs);
  const response = await fetch(url, { ...init, headers, signal }).catch((cause: unknown) => {
    throw new SignalboxError('outbound_failed', `${capital(whom)} does not answer at ${url.origin}.`, {
      cause,
      action: 'Start the stack with `npm start` and look at `npx signalbox status`.',
    });
  });
  const body: Partial<Problem> = await answerObject(response, whom);
  if (response.ok) return body as T;
  throw errorOf(body, response.status, whom);
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

interface Problem {
  readonly code: string;
  readonly detail: string;
  readonly action: string;
  readonly pointers: readonly ErrorPointer[];
}

function errorOf({ code, detail, action, pointers }: Partial<Problem>, status: number, whom: string): Error {
  if (code === undefined || !Object.hasOwn(errorCodes, code))
    return new SignalboxError('outbound_failed', `${capital(whom)} answered with status ${status}.`, {
      action: 'Is this the right address? The control API lies under /control.',
    });
  return new SignalboxError(code as ErrorCode, detail ?? '', {
    ...(action === undefined ? {} : { action }),
    ...(pointers === undefined ? {} : { pointers }),
  });
}
