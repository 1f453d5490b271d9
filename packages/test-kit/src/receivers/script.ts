/** What a receiver shall do with its next requests instead of its usual answer. */
export class Script<T> {
  readonly #steps: { readonly step: T; left: number }[] = [];

  /** The next `times` requests (default 1, `Infinity` allowed) meet `step`. */
  plan(step: T, times = 1): void {
    this.#steps.push({ step, left: times });
  }

  /** The step for the request at hand, or undefined for the usual answer. */
  take(): T | undefined {
    const [first] = this.#steps;
    if (first === undefined) return undefined;
    first.left -= 1;
    if (first.left <= 0) this.#steps.shift();
    return first.step;
  }

  clear(): void {
    this.#steps.length = 0;
  }
}
