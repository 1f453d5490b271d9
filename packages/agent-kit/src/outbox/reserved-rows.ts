import type { AcknowledgedRows } from './acknowledged.js';
import type { CommittedRow } from './committed-row.js';

/**
 * A transaction's places in the lanes, taken before COMMIT, while it holds the locks of its keys: whoever gets a key's
 * lock after it stands behind it. To be published or released once the outcome of COMMIT is known.
 */
export interface ReservedRows {
  readonly rows: readonly CommittedRow[];
  /**
   * Lets the rows go out, or, when `ids` are given, those of them; the other places are given up. Resolves when the broker
   * has every record; rejects only when the publisher is stopped before.
   */
  publish(ids?: ReadonlySet<bigint>): Promise<void>;
  /** Gives the places up: the transaction was undone. */
  release(): void;
}

/** Lets the rows of a committed transaction go out and remembers that they can be deleted. Never rejects. */
export async function publishReserved(
  reserved: ReservedRows,
  acknowledged: AcknowledgedRows,
  ids: ReadonlySet<bigint> = new Set(reserved.rows.map(({ id }) => id)),
): Promise<void> {
  await reserved.publish(ids).then(
    () => acknowledged.add([...ids]),
    () => undefined, // stopped: the rows stay in the outbox for the next owner or the sweeper
  );
}
