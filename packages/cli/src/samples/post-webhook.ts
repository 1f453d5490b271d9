import { SignalboxError } from '@signalbox/errors';
import { withTimeLimit } from '@signalbox/outbound-http';
import { sign } from '@signalbox/webhooks';

const answerWithinMs = 15_000;

/** The gateway's answer to one webhook. */
export interface WebhookAnswer {
  readonly status: number;
  readonly ms: number;
  readonly event_id?: string;
  readonly correlation_id?: string;
  /** Error code, text and bad fields when it was refused. */
  readonly code?: string;
  readonly detail?: string;
  readonly pointers?: readonly { readonly pointer: string; readonly message: string }[];
}

/** Signs the exact bytes with the house scheme and posts them. Throws `outbound_failed` when nobody answers within 15 s. */
export function postWebhook(
  url: string,
  rawBody: Buffer,
  secret: string,
  signal: AbortSignal,
): Promise<WebhookAnswer> {
  return post(url, rawBody, { 'content-type': 'application/json', ...sign({ rawBody, secret }) }, signal);
}

/** Posts a signed request. Throws `outbound_failed` when nobody answers within 15 s. */
export async function post(
  url: string,
  rawBody: Buffer,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<WebhookAnswer> {
  const started = performance.now();
  try {
    return await withTimeLimit(answerWithinMs, signal, async (limit) => {
      const init = { method: 'POST', headers, body: rawBody, signal: limit, redirect: 'manual' } as const;
      const response = await fetch(url, init);
      const text = await response.text();
      const ms = Math.round((performance.now() - started) * 10) / 10;
      return { status: response.status, ms, ...readAnswer(text) };
    });
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } };
    throw new SignalboxError(
      'outbound_failed',
      `Nobody answers at ${url} (${cause?.code ?? (error as Error).name}).`,
      {
        cause: error,
        action: 'Start the stack with `npm start`, or name another gateway with --url.',
      },
    );
  }
}

function readAnswer(text: string): Partial<WebhookAnswer> {
  try {
    const { event_id, correlation_id, code, detail, pointers } = JSON.parse(text) as WebhookAnswer;
    return {
      ...(event_id === undefined ? {} : { event_id }),
      ...(correlation_id === undefined ? {} : { correlation_id }),
      ...(code === undefined ? {} : { code }),
      ...(detail === undefined ? {} : { detail }),
      ...(Array.isArray(pointers) && pointers.length > 0 ? { pointers } : {}),
    };
  } catch {
    return text === '' ? {} : { detail: text.slice(0, 500) };
  }
}
