export interface KafkaWatchParts {
  /** Asks Kafka something small; rejects when it does not answer. */
  readonly probe: () => Promise<unknown>;
  readonly nowMs: () => number;
  readonly onChange: (reachable: boolean) => void;
}

/** Time from one probe to the next, and how long one may take, in milliseconds. */
const probeEveryMs = 1_000;
const probeMsMax = 2_500;
/** Without an answer for this long Kafka counts as away. */
const reachableForMs = 4_000;

/** Knows whether Kafka has answered lately, by asking it every second. */
export class KafkaWatch {
  private answeredAtMs = Number.NEGATIVE_INFINITY;
  private reported = false;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private asking: Promise<void> | undefined;

  constructor(private readonly parts: KafkaWatchParts) {}

  get reachable(): boolean {
    return this.parts.nowMs() - this.answeredAtMs < reachableForMs;
  }

  start(): void {
    this.timer = setInterval(() => this.tick(), probeEveryMs);
    this.tick();
  }

  /** Asks nothing more; resolves when the last question is answered or given up. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.asking;
  }

  private tick(): void {
    this.report();
    if (this.asking) return;
    this.asking = this.ask().finally(() => {
      this.asking = undefined;
      this.report();
    });
  }

  private async ask(): Promise<void> {
    let giveUp: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => {
      giveUp = setTimeout(() => resolve(false), probeMsMax);
    });
    const answered = this.parts.probe().then(
      () => true,
      () => false,
    );
    if (await Promise.race([answered, late])) this.answeredAtMs = this.parts.nowMs();
    clearTimeout(giveUp);
  }

  private report(): void {
    if (this.stopped || this.reachable === this.reported) return;
    this.reported = this.reachable;
    this.parts.onChange(this.reported);
  }
}
