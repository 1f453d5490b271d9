import {
  afterCheck,
  firstState,
  type Check,
  type MonitorAlert,
  type MonitorState,
} from './monitor.decide.js';

export interface MonitorOptions {
  /** From the beginning of a check to the beginning of the next. */
  readonly intervalMs: number;
  /** Resolves when the service is well; rejects with the reason otherwise. */
  readonly check: () => Promise<void>;
  readonly onAlert: (alert: MonitorAlert, atMs: number) => void;
}

/** Checks the service again and again, one check at a time, and tells of outages and recoveries. */
export class Monitor {
  #state: MonitorState = firstState;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(private readonly options: MonitorOptions) {}

  get state(): MonitorState {
    return this.#state;
  }

  start(delayMs = this.options.intervalMs): void {
    this.#timer = setTimeout(() => void this.#checkOnce(), delayMs);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  async #checkOnce(): Promise<void> {
    const startedMs = performance.now();
    const check = await this.#look();
    if (this.#isStopped) return;
    const { state, alert } = afterCheck(this.#state, check);
    this.#state = state;
    if (alert !== undefined) this.options.onAlert(alert, check.atMs);
    this.start(Math.max(0, this.options.intervalMs - (performance.now() - startedMs)));
  }

  async #look(): Promise<Check> {
    try {
      await this.options.check();
      return { ok: true, atMs: Date.now() };
    } catch (error) {
      return { ok: false, reason: (error as Error).message, atMs: Date.now() };
    }
  }
}
