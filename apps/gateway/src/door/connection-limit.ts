import type { Socket } from 'node:net';

/** Counts the open connections of each address: no sender can take all the places there are. */
export class ConnectionLimit {
  private readonly counts = new Map<string, number>();

  /** `isExempt` says who stands for many senders: a listed proxy. */
  constructor(
    private readonly connectionsMax: number,
    private readonly isExempt: (socket: Socket) => boolean,
  ) {}

  /** Addresses with open connections. */
  get size(): number {
    return this.counts.size;
  }

  /** Takes a new connection into the count, or ends it when its address has as many as it may. False when it did. */
  admit(socket: Socket): boolean {
    const address = socket.remoteAddress;
    if (address === undefined || this.isExempt(socket)) return true;
    const count = this.counts.get(address) ?? 0;
    if (count >= this.connectionsMax) {
      socket.destroy();
      return false;
    }
    this.counts.set(address, count + 1);
    socket.once('close', () => this.leave(address));
    return true;
  }

  private leave(address: string): void {
    const count = this.counts.get(address) ?? 0;
    if (count > 1) this.counts.set(address, count - 1);
    else this.counts.delete(address);
  }
}
