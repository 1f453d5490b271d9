import { callDeadlineMs, callsPerDestination, destinationOf, post } from '../load/calls.js';

/**
 * Ceiling (b) of the `connector` bench: the same calls from an array in memory, as many at once for a destination as
 * the kit makes. Nothing is read, kept or reported, and what fails is forgotten.
 */
export interface CallFromMemory {
  readonly kind: 'calls';
  readonly url: string;
  readonly from: number;
  readonly count: number;
}

async function callAll({ url, from, count }: CallFromMemory): Promise<void> {
  const queues = new Map<string, string[]>();
  for (let n = from; n < from + count; n += 1) {
    const destination = destinationOf(n, true);
    const queue = queues.get(destination) ?? [];
    queues.set(destination, queue);
    queue.push(`request-${n}`);
  }
  const work = async (destination: string, queue: string[]): Promise<void> => {
    for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
      const call = { id, destination, sentMs: Date.now() };
      await post(url, call, AbortSignal.timeout(callDeadlineMs)).catch(() => undefined);
    }
  };
  await Promise.all(
    [...queues].flatMap(([destination, queue]) =>
      Array.from({ length: callsPerDestination }, () => work(destination, queue)),
    ),
  );
}

process.on('message', (message: CallFromMemory) => void callAll(message));
process.once('SIGTERM', () => process.exit(0));
process.send?.({ kind: 'ready' });
