import type { Store } from '../ports/store.js';
import type { RuntimeLog } from '../runner/log.js';

const PER_KEY_MAX = 10_000;
const TOTAL_MAX = 1_000_000;
/** Inputs are read again below this share of a limit, so that they do not start and stop with every event. */
const RESUME_SHARE = 0.9;
/** Of the looks that come every half second, at most so many in a row count nothing. */
const LOOKS_SKIPPED_MAX = 20;

interface LookPorts {
  readonly store: Store;
  readonly log: RuntimeLog;
}

/**
 * Keeps the events parked behind failed ones within limits: 10,000 a key, 1,000,000 in all. Beyond, the agent's inputs
 * are not read on (retries and its own internal events are). Counted twice a second while this process parks events or
 * inputs are held, so a little more may be parked; what other processes park meanwhile is seen within 10 s.
 */
export class ParkedLimits {
  private isOver = false;
  private hasNews = true;
  private skipped = 0;

  constructor(
    private readonly perKeyMax = PER_KEY_MAX,
    private readonly totalMax = TOTAL_MAX,
  ) {}

  /** Whether inputs must not be read now. */
  get areInputsHeld(): boolean {
    return this.isOver;
  }

  /** Events were parked by this process. */
  note(): void {
    this.hasNews = true;
  }

  /** To be called every half second. Counts when there is reason to, or it is long ago; then as `look`. */
  async lookNowAndThen(ports: LookPorts): Promise<boolean> {
    this.skipped += 1;
    if (!this.isOver && !this.hasNews && this.skipped < LOOKS_SKIPPED_MAX) return false;
    this.hasNews = false;
    this.skipped = 0;
    return this.look(ports).catch((error: unknown) => {
      this.hasNews = true;
      throw error;
    });
  }

  /** Counts again; true when inputs must stop or may go on. Rejects when the database is away; then all stays as it is. */
  async look({ store, log }: LookPorts): Promise<boolean> {
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
