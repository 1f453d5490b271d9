import { createOutboundHttp } from '@signalbox/outbound-http';
import type { Step } from '../plan-step.js';
import { oneLine } from './one-line.js';

/**
 * Calls an entry's URL through the guarded way out; only an entry marked so may name an address outside the public
 * internet, and then that host and port alone. Resolves with status and the answer's beginning as one line; rejects
 * as `OutboundHttp.request` does.
 */
export async function callHook(step: Extract<Step, { kind: 'http' }>, signal: AbortSignal): Promise<string> {
  const url = new URL(step.url);
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const http = createOutboundHttp({
    allowPrivate: step.isPrivate ? [`${url.hostname}:${port}`] : [],
    headersTimeoutMs: step.timeoutMs,
  });
  try {
    const answer = await http.request({
      url: step.url,
      method: step.method,
      headers: step.headers,
      idempotent: step.isIdempotent,
      deadlineMs: step.timeoutMs,
      signal,
      ...(step.body === undefined ? {} : { body: step.body }),
    });
    const text = oneLine(answer.body.toString('utf8'));
    return `${url.host} answered ${answer.status}${text === '' ? '' : `: ${text.slice(0, 500)}`}`;
  } finally {
    await http.close();
  }
}
