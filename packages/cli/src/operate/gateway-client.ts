import { localState } from '@signalbox/local-stack';
import { ask } from './control-client.js';

/** A release looks at days of webhooks. */
const answerWithinMs = 600_000;

/** The control API of the gateway of the local stack, or of the one at `url`. */
export function gatewayClient(url?: string): { post<T>(path: string, body: object): Promise<T> } {
  const { gatewayUrl, controlToken } = localState();
  return {
    post: (path, body) =>
      ask(
        new URL(`/control${path}`, url ?? gatewayUrl),
        { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } },
        controlToken,
        'the gateway',
        answerWithinMs,
      ),
  };
}
