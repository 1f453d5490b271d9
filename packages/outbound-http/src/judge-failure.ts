import { FatalError, SignalboxError } from '@signalbox/errors';

/** Failures before a single byte of the request left: the receiver cannot have acted on it. */
const notSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** The code of a Node or undici error, or of the first error an aggregate holds. */
export function causeCode(error: unknown): string | undefined {
  if (error instanceof AggregateError) return causeCode(error.errors[0]);
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}

/**
 * The error for a call that got no answer. A call that may have reached the receiver is `outcome_unknown` unless it
 * is idempotent; everything else is `outbound_failed`, or what the guard said.
 */
export function judgeFailure(
  host: string,
  error: unknown,
  idempotent: boolean,
  connected: boolean,
): SignalboxError {
  if (error instanceof SignalboxError) return error;
  const code = causeCode(error);
  const name = error instanceof Error ? error.name : 'Error';
  const what = code ?? name;
  if (idempotent || !connected || (code !== undefined && notSent.has(code))) {
    return new SignalboxError('outbound_failed', `${host} gave no answer (${what}).`, { cause: error });
  }
  return new FatalError(`${host} gave no answer (${what}) after the request was sent.`, {
    code: 'outcome_unknown',
    cause: error,
  });
}
