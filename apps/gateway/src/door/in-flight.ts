/** A body up to this size is small, in bytes. */
export const smallBodyBytes = 65_536;
/** The part of the room that bodies which are not small may fill: slow large uploads cannot shut out the usual webhook. */
const largeShare = 0.75;

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

  /** Takes room for `bytes` more of a body that has `bodyBytes` with them; false when there is none. Give it back with `release`. */
  reserve(bytes: number, bodyBytes: number): boolean {
    const room = bodyBytes > smallBodyBytes ? this.bytesMax * largeShare : this.bytesMax;
    if (this.byteCount + bytes > room) return false;
    this.byteCount += bytes;
    return true;
  }

  release(bytes: number): void {
    this.byteCount -= bytes;
  }
}
