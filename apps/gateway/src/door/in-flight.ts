/** Counts what the gateway holds for senders, so that no flood can make it hold more. */
export class InFlight {
  private requestCount = 0;
  private byteCount = 0;

  constructor(
    private readonly requestsMax: number,
    private readonly bytesMax: number,
  ) {}

  get requests(): number {
    return this.requestCount;
  }

  /** Bytes of bodies, those still arriving included. */
  get bytes(): number {
    return this.byteCount;
  }

  /** Takes one place for a webhook whose body is complete; false when all are taken. Give it back with `leave`. */
  enter(): boolean {
    if (this.requestCount >= this.requestsMax) return false;
    this.requestCount += 1;
    return true;
  }

  leave(): void {
    this.requestCount -= 1;
  }

  /** Takes room for `bytes` more; false when there is none. Give it back with `release`. */
  reserve(bytes: number): boolean {
    if (this.byteCount + bytes > this.bytesMax) return false;
    this.byteCount += bytes;
    return true;
  }

  release(bytes: number): void {
    this.byteCount -= bytes;
  }
}
