import { errorCodes, type ErrorCode } from './codes.js';

/** Where in the input the problem lies: an RFC 6901 pointer and a sentence. */
export interface ErrorPointer {
  readonly pointer: string;
  readonly message: string;
}

export interface ErrorDetails {
  readonly cause?: unknown;
  /** The bad fields, at most 50. */
  readonly pointers?: readonly ErrorPointer[];
  /** What to do, when it says more than the code's own `action`. */
  readonly action?: string;
}

/** Every error Signalbox throws on purpose. Branch on `code`; `retryable` says whether trying again can help. */
export class SignalboxError extends Error {
  readonly code: ErrorCode;
  readonly pointers: readonly ErrorPointer[];
  readonly action: string;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'SignalboxError';
    this.code = code;
    this.pointers = details.pointers ?? [];
    this.action = details.action ?? errorCodes[code].action;
  }

  get retryable(): boolean {
    return errorCodes[this.code].retry === 'later';
  }
}

/** Thrown by a handler: this event can never succeed, dead-letter it at once. */
export class FatalError extends SignalboxError {
  constructor(message: string, details: ErrorDetails & { code?: ErrorCode } = {}) {
    super(details.code ?? 'handler_fatal', message, details);
    this.name = 'FatalError';
  }
  override get retryable(): boolean {
    return false;
  }
}

/** Thrown by a handler: try again, but not before `afterMs` milliseconds (at least 0) have passed. */
export class RetryAfterError extends SignalboxError {
  readonly afterMs: number;
  constructor(message: string, afterMs: number, details: ErrorDetails & { code?: ErrorCode } = {}) {
    super(details.code ?? 'handler_failed', message, details);
    this.name = 'RetryAfterError';
    this.afterMs = Math.max(0, afterMs);
  }
  override get retryable(): boolean {
    return true;
  }
}

/** The code of any thrown value; what is not ours is `handler_failed`. */
export function errorCodeOf(thrown: unknown): ErrorCode {
  return thrown instanceof SignalboxError ? thrown.code : 'handler_failed';
}
