import { backoffMs } from '../runner/backoff.js';
import { isInfrastructure } from '../runner/is-infrastructure.js';
import type { RunnerPorts } from '../runner/ports.js';
import type { UnclearCommitError } from './commit-in-order.js';
import { publishReserved } from './reserved-rows.js';

/** What the database says of a transaction whose COMMIT got no answer, once that transaction is over. */
export interface Clarified<Outcome> {
  readonly outcome: Outcome;
  /** Rows of it that are stored and unpublished. */
  readonly rows: readonly bigint[];
}

/**
 * Asks until the database tells what became of an unclear COMMIT, then publishes the rows or gives their places up. It
 * goes on whether or not the caller still waits, since everything behind the places does; it ends with the publisher.
 * `ask` must wait for the transaction's end, for instance by a lock that the transaction holds.
 */
export async function clarifyCommit<Outcome>(
  { reserved }: UnclearCommitError,
  ask: () => Promise<Clarified<Outcome>>,
  ports: Pick<RunnerPorts, 'publisher' | 'acknowledged' | 'context' | 'random'>,
  onTrouble: () => void = () => undefined,
): Promise<{ readonly outcome: Outcome; readonly published: Promise<void> }> {
  const { signal } = ports.publisher;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { outcome, rows } = await ask();
      return { outcome, published: publishReserved(reserved, ports.acknowledged, new Set(rows)) };
    } catch (error) {
      if (!isInfrastructure(error) || signal.aborted) {
        reserved.release();
        throw error;
      }
      onTrouble();
      await ports.context.clock.sleep(backoffMs(attempt, ports.random), signal);
    }
  }
}
