import { request } from 'node:http';

export interface ChildAnswer {
  readonly status: number;
  readonly body: Buffer;
}

/** Asks the payment process; rejects when none runs (`port` undefined) or it gives no answer within `timeoutMs`. */
export function askChild(
  port: number | undefined,
  ask: { readonly method: string; readonly path: string; readonly body?: Buffer },
  timeoutMs: number,
): Promise<ChildAnswer> {
  if (port === undefined) return Promise.reject(new Error('its process is not running'));
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const late = (): Error => new Error(`it gave no answer within ${timeoutMs} ms`);
    const fail = (error: Error): void => reject(signal.aborted ? late() : error);
    const call = request(
      { host: '127.0.0.1', port, method: ask.method, path: ask.path, agent: false, signal },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part)).on('error', fail);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts) }));
      },
    );
    call.on('error', fail).end(ask.body);
  });
}
