import type { IncomingMessage } from 'node:http';
import { problem, type Problem } from '../problem/problem.js';
import type { InFlight } from './in-flight.js';

export type BodyRead =
  /** The whole body; its bytes stay reserved until the caller releases them. */
  | { readonly kind: 'complete'; readonly bytes: Buffer }
  /** Nothing stays reserved; the rest of the body has not been read. */
  | { readonly kind: 'refused'; readonly problem: Problem }
  /** The sender went away or its request broke off. */
  | { readonly kind: 'aborted' };

export const overloaded = (detail: string): Problem =>
  problem('overloaded', detail, { retryAfterSeconds: 1 });

const tooLarge = (bytesMax: number): Problem =>
  problem('body_too_large', `The body is larger than ${bytesMax} bytes.`);

/** Collects a request's body once, as bytes. Never rejects. */
export function readBody(request: IncomingMessage, bytesMax: number, inFlight: InFlight): Promise<BodyRead> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > bytesMax) return Promise.resolve({ kind: 'refused', problem: tooLarge(bytesMax) });
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let finished = false;
    const finish = (result: BodyRead): void => {
      if (finished) return;
      finished = true;
      // After the end nothing comes that would have to be kept away; taking four listeners off costs more than the body.
      if (result.kind !== 'complete') {
        request.off('data', onData).off('end', onEnd).off('error', onAbort).off('close', onAbort);
        inFlight.release(size);
      }
      resolve(result);
    };
    const onData = (chunk: Buffer): void => {
      if (size + chunk.length > bytesMax) return finish({ kind: 'refused', problem: tooLarge(bytesMax) });
      if (!inFlight.reserve(chunk.length, size + chunk.length)) {
        return finish({ kind: 'refused', problem: overloaded('Too many bytes are in hand.') });
      }
      size += chunk.length;
      chunks.push(chunk);
    };
    const onEnd = (): void => {
      const [first] = chunks;
      finish({ kind: 'complete', bytes: chunks.length === 1 && first ? first : Buffer.concat(chunks, size) });
    };
    const onAbort = (): void => {
      if (finished) return;
      // A listener must stay: an error without one would end the process.
      request.on('error', () => undefined);
      finish({ kind: 'aborted' });
    };
    request.on('data', onData).on('end', onEnd).on('error', onAbort).on('close', onAbort);
  });
}
