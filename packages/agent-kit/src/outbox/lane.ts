import type { CommittedRow } from './committed-row.js';

const RECORDS_PER_SEND_MAX = 1_000;

/** A row's place in its lane. Nothing behind it is sent before it is filled or released. */
export interface Place {
  readonly row: CommittedRow;
  state: 'reserved' | 'filled' | 'released';
  /** Told how a filled place ended. */
  settle: { readonly done: () => void; readonly failed: (error: Error) => void } | undefined;
}

/**
 * The rows for one destination partition, in the order in which their places were taken: one send in flight, and what
 * waits meanwhile goes as one batch. A place that is still reserved holds up what is behind it.
 */
export class Lane {
  private places: Place[] = [];
  private isPumping = false;

  /** @param send resolves when the broker has every record; rejects when it never will. */
  constructor(private readonly send: (rows: readonly CommittedRow[]) => Promise<void>) {}

  /** Nothing waits and nothing is being sent. */
  get isIdle(): boolean {
    return this.places.length === 0 && !this.isPumping;
  }

  reserve(row: CommittedRow): Place {
    const place: Place = { row, state: 'reserved', settle: undefined };
    this.places.push(place);
    return place;
  }

  /** The row may go out. Resolves when the broker has it; rejects when `send` does. */
  fill(place: Place): Promise<void> {
    return new Promise((done, failed) => {
      place.state = 'filled';
      place.settle = { done, failed };
      this.moveOn();
    });
  }

  /** The row does not exist after all, or goes out another way. */
  release(place: Place): void {
    place.state = 'released';
    this.moveOn();
  }

  private moveOn(): void {
    this.places = this.places.filter(({ state }) => state !== 'released');
    if (!this.isPumping && this.places[0]?.state === 'filled') void this.pump();
  }

  private async pump(): Promise<void> {
    this.isPumping = true;
    for (let batch = this.takeBatch(); batch.length > 0; batch = this.takeBatch()) {
      try {
        await this.send(batch.map(({ row }) => row));
        for (const { settle } of batch) settle?.done();
      } catch (error) {
        for (const { settle } of batch) settle?.failed(error as Error);
      }
    }
    this.isPumping = false;
  }

  /** The filled places at the head, as many as one send may carry. */
  private takeBatch(): Place[] {
    let records = 0;
    let count = 0;
    for (const { row, state } of this.places) {
      const isTooMuch = count > 0 && records + row.records.length > RECORDS_PER_SEND_MAX;
      if (state !== 'filled' || isTooMuch) break;
      records += row.records.length;
      count += 1;
    }
    return this.places.splice(0, count);
  }
}
