import { FatalError, RetryAfterError, SignalboxError } from '@signalbox/errors';
import { parseRetryAfter } from './retry-after.js';

const excerptCharsMax = 300;

export interface AnswerFacts {
  readonly status: number;
  /** The Retry-After header, where there is one. */
  readonly retryAfter: string | undefined;
  readonly bodyText: string;
}

/**
 * The error an answer means, or undefined for 2xx. 408, 425, 429 and 5xx can succeed later (`outbound_failed`; with
 * Retry-After on 429 and 503 a RetryAfterError); redirects, which are never followed, and every other status are
 * `outbound_refused` for good.
 */
export function judgeResponse(host: string, answer: AnswerFacts, nowMs: number): SignalboxError | undefined {
  const { status } = answer;
  if (status >= 200 && status < 300) return undefined;
  const message = `${host} answered ${status}${excerpt(answer.bodyText)}`;
  const waitMs = status === 429 || status === 503 ? parseRetryAfter(answer.retryAfter, nowMs) : undefined;
  if (waitMs !== undefined) return new RetryAfterError(message, waitMs, { code: 'outbound_failed' });
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    return new SignalboxError('outbound_failed', message);
  }
  return new FatalError(message, { code: 'outbound_refused' });
}

function excerpt(text: string): string {
  // eslint-disable-next-line no-control-regex
  const line = text.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim();
  return line === '' ? '' : `: ${line.slice(0, excerptCharsMax)}`;
}
