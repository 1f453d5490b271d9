import { STATUS_CODES } from 'node:http';
import { errorCodes, type ErrorCode, type ErrorCodeInfo, type ErrorPointer } from '@signalbox/errors';

export const problemContentType = 'application/problem+json';

/** Why a request is refused, before it is written. */
export interface Problem {
  readonly code: ErrorCode;
  /** One sentence about this request; never quotes the body. */
  readonly detail: string;
  readonly status: number;
  readonly pointers: readonly ErrorPointer[];
  /** Seconds after which sending again can help. */
  readonly retryAfterSeconds?: number;
}

interface ProblemOptions {
  /** Left out: the status of the code, else 500. */
  readonly status?: number;
  readonly pointers?: readonly ErrorPointer[];
  readonly retryAfterSeconds?: number;
}

/** A problem with the status its code has in the closed list. */
export function problem(code: ErrorCode, detail: string, options: ProblemOptions = {}): Problem {
  const info: ErrorCodeInfo = errorCodes[code];
  const { status = info.http ?? 500, pointers = [], retryAfterSeconds } = options;
  return {
    code,
    detail,
    status,
    pointers,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
}

/** The body of RFC 9457: `type`, `title`, `status`, `detail`, and our `code`, `action` and `pointers`. */
export function problemBody({ code, detail, status, pointers }: Problem, instance?: string): string {
  return JSON.stringify({
    type: `urn:signalbox:problem:${code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code,
    detail,
    action: errorCodes[code].action,
    pointers,
    ...(instance === undefined ? {} : { instance: `urn:uuid:${instance}` }),
  });
}

/** The headers that go with the body, its length in bytes included. */
export function problemHeaders(refusal: Problem, body: string): Record<string, string | number> {
  const headers: Record<string, string | number> = {
    'content-type': problemContentType,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  };
  if (refusal.retryAfterSeconds !== undefined) headers['retry-after'] = refusal.retryAfterSeconds;
  return headers;
}
