/** Ids of outbox rows the broker has acknowledged and nobody has deleted yet. */
export class AcknowledgedRows {
  private ids: bigint[] = [];

  add(ids: readonly bigint[]): void {
    this.ids.push(...ids);
  }

  /** Hands the ids over to a transaction that deletes them; `putBack` when it did not commit. */
  take(max = 5_000): bigint[] {
    return this.ids.splice(0, max);
  }

  putBack(ids: readonly bigint[]): void {
    this.ids.unshift(...ids);
  }

  /** The ids that wait to be deleted. */
  get waiting(): readonly bigint[] {
    return this.ids;
  }

  get size(): number {
    return this.ids.length;
  }
}
