import type { Store } from '../ports/store.js';
import type { RuntimeLog } from '../runner/log.js';

const PER_KEY_MAX = 10_000;
const TOTAL_MAX = 1_000_000;
/** Inputs are read again below this share of a limit, so that they do not start and stop with every event. */
const RESUME_SHARE = 0.9;

/**
 * Keeps the events parked behind failed ones within limits: 10,000 a key, 1,000,000 in all. Beyond, the agent's inputs
 * are not read on (retries and its own internal events are). Looked at twice a second, so a little more may be parked.
 */
export class ParkedLimits {
  private isOver = false;

  constructor(
    private readonly perKeyMax = PER_KEY_MAX,
    private readonly totalMax = TOTAL_MAX,
  ) {}

  /** Whether inputs must not be read now. */
  get areInputsHeld(): boolean {
    return this.isOver;
  }

  /** Counts again; true when inputs must stop or may go on. Rejects when the database is away; then all stays as it is. */
  async look({ store, log }: { readonly store: Store; readonly log: RuntimeLog }): Promise<boolean> {
    const counts = await store.parkedCounts?.(this.totalMax, this.perKeyMax);
    if (!counts) return false;
    const share = Math.max(counts.total / this.totalMax, counts.ofOneKey / this.perKeyMax);
    const wasOver = this.isOver;
    this.isOver = share >= (wasOver ? RESUME_SHARE : 1);
    if (this.isOver === wasOver) return false;
    if (this.isOver)
      log.error({ ...counts }, 'Too many events wait behind failed ones: inputs are not read on');
    else log.info({ ...counts }, 'Fewer events wait behind failed ones: inputs are read again');
    return true;
  }
}
