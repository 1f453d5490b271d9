import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** One address in front of several gateways: connections go to them in turn. A gateway that is taken out gets no more. */
export class OneAddress {
  private next = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private targets: readonly string[],
  ) {}

  static async to(urls: readonly string[]): Promise<OneAddress> {
    const server = createServer((near) => address.join(near));
    const address = new OneAddress(server, urls);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return address;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  takeOut(url: string): void {
    this.targets = this.targets.filter((target) => target !== url);
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private join(near: Socket): void {
    const target = new URL(this.targets[(this.next += 1) % this.targets.length] ?? '');
    const far = connect(Number(target.port), target.hostname);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(socket);
      socket.on('error', () => other.destroy()).on('close', () => this.sockets.delete(socket));
    }
    near.pipe(far).pipe(near);
  }
}
