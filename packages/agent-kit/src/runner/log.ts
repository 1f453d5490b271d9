/** Where the runtime says what people must know; the same shape as the observability package's logger. */
export interface RuntimeLog {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** Passes a message of one kind on at most once per `windowMs`, so that an outage is a line and not a flood. */
export class QuietLog {
  private readonly last = new Map<string, { atMs: number; held: number }>();
  constructor(
    private readonly log: RuntimeLog,
    private readonly nowMs: () => number,
    private readonly windowMs = 30_000,
  ) {}

  warn(kind: string, fields: Readonly<Record<string, unknown>>, message: string): void {
    const seen = this.last.get(kind);
    const now = this.nowMs();
    if (seen && now - seen.atMs < this.windowMs) {
      seen.held += 1;
      return;
    }
    this.last.set(kind, { atMs: now, held: 0 });
    this.log.warn(seen?.held ? { ...fields, repeated: seen.held } : fields, message);
  }
}
