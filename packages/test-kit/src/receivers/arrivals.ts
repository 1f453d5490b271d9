/** What a receiver got, in order of arrival, and a way to wait for it without sleeping. */
export class Arrivals<T> {
  readonly #items: T[] = [];
  readonly #waiting = new Set<() => void>();

  get all(): readonly T[] {
    return this.#items;
  }

  add(item: T): void {
    this.#items.push(item);
    for (const wake of [...this.#waiting]) wake();
  }

  clear(): void {
    this.#items.length = 0;
  }

  /** Resolves with everything that came once `count` items are there; rejects after `timeoutMs` (default 60,000). */
  async waitFor(count: number, timeoutMs = 60_000): Promise<readonly T[]> {
    return this.waitUntil((items) => items.length >= count, `${count} arrivals`, timeoutMs);
  }

  /** Resolves with everything that came once `done` holds; rejects after `timeoutMs` and says what was awaited. */
  waitUntil(done: (items: readonly T[]) => boolean, what: string, timeoutMs = 60_000): Promise<readonly T[]> {
    if (done(this.#items)) return Promise.resolve(this.#items);
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        act();
      };
      const wake = (): void => {
        if (done(this.#items)) settle(() => resolve(this.#items));
      };
      const tooLate = (): Error =>
        new Error(`waited ${timeoutMs} ms for ${what}; ${this.#items.length} came`);
      const timer = setTimeout(() => settle(() => reject(tooLate())), timeoutMs);
      this.#waiting.add(wake);
    });
  }
}
