import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A way to the broker that can be cut: what the gateway sees is a Kafka that is away. */
export class BrokerProxy {
  private readonly pairs = new Set<readonly [Socket, Socket]>();
  private mode: 'open' | 'cut' | 'silent' = 'open';

  private constructor(private readonly server: Server) {}

  static async to(broker: string): Promise<BrokerProxy> {
    const [host, port] = broker.split(':') as [string, string];
    const server = createServer((near) =>
      proxy.join(near, connect({ host, port: Number(port), noDelay: true })),
    );
    const proxy = new BrokerProxy(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  readonly route = (): { host: string; port: number } => ({
    host: '127.0.0.1',
    port: (this.server.address() as AddressInfo).port,
  });

  /** Ends every connection and each new one at once. */
  cut(): void {
    this.mode = 'cut';
    for (const pair of this.pairs) this.end(pair);
  }

  /** Keeps connections, takes new ones, and passes nothing on: a broker that hangs. */
  silence(): void {
    this.mode = 'silent';
    for (const [near, far] of this.pairs) {
      near.pause();
      far.pause();
    }
  }

  /** Works again. Connections of the silent time end: what they held back must not arrive late. */
  restore(): void {
    for (const pair of this.pairs) this.end(pair);
    this.mode = 'open';
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const pair of this.pairs) this.end(pair);
    await closed;
  }

  private join(near: Socket, far: Socket): void {
    const pair = [near, far] as const;
    this.pairs.add(pair);
    for (const socket of pair) socket.on('error', () => undefined).on('close', () => this.end(pair));
    if (this.mode === 'cut') return this.end(pair);
    if (this.mode === 'silent') return;
    near.on('data', (chunk) => far.write(chunk));
    far.on('data', (chunk) => near.write(chunk));
  }

  private end(pair: readonly [Socket, Socket]): void {
    this.pairs.delete(pair);
    for (const socket of pair) socket.destroy();
  }
}
