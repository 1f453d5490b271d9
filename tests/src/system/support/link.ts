import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** `silent`: connections stay and nothing gets through, as in a partitioned network. `down`: refused and cut. */
type LinkState = 'open' | 'silent' | 'down';

/** The way from a process to a store: a TCP proxy on 127.0.0.1 that can fall silent, go down or become slow. */
export class Link {
  private readonly sockets = new Set<Socket>();
  private state: LinkState = 'open';
  /** Milliseconds by which the next piece of an answer is late. */
  private delayMs: (() => number) | undefined;
  /** Port of the store, once it is known. */
  private target = 0;

  private constructor(private readonly server: Server) {
    server.on('connection', (client: Socket) => this.join(client));
  }

  /** Listens on a free port; leads nowhere until `leadTo`. */
  static async start(): Promise<Link> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Link(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  leadTo(port: number): void {
    this.target = port;
  }

  silence(): void {
    this.state = 'silent';
    for (const socket of this.sockets) socket.pause();
  }

  goDown(): void {
    this.state = 'down';
    for (const socket of this.sockets) socket.destroy();
  }

  /** Each answer from now on is late by what `delayMs` says; the order of a connection stays. */
  slowDown(delayMs: () => number): void {
    this.delayMs = delayMs;
  }

  /** As before every fault. */
  heal(): void {
    this.state = 'open';
    this.delayMs = undefined;
    for (const socket of this.sockets) socket.resume();
  }

  async close(): Promise<void> {
    this.goDown();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(client: Socket): void {
    if (this.state === 'down' || this.target === 0) {
      client.destroy();
      return;
    }
    const store = connect({ port: this.target, host: '127.0.0.1', noDelay: true });
    client.setNoDelay(true);
    const cut = (): void => {
      client.destroy();
      store.destroy();
    };
    for (const socket of [client, store]) {
      this.sockets.add(socket);
      socket.on('error', cut).on('close', () => {
        this.sockets.delete(socket);
        cut();
      });
    }
    client.on('data', (piece) => store.write(piece));
    this.lead(store, client);
    if (this.state === 'silent') for (const socket of [client, store]) socket.pause();
  }

  /** Hands answers on, each when it is due and none before the one before it. */
  private lead(from: Socket, to: Socket): void {
    const late: { readonly dueMs: number; readonly piece: Buffer }[] = [];
    const handOn = (): void => {
      while (late[0] && late[0].dueMs <= performance.now()) to.write(late.shift()?.piece as Buffer);
      if (late[0]) setTimeout(handOn, late[0].dueMs - performance.now()).unref();
    };
    from.on('data', (piece) => {
      if (!this.delayMs && late.length === 0) {
        to.write(piece);
        return;
      }
      const lastMs = late.at(-1)?.dueMs ?? 0;
      late.push({ dueMs: Math.max(lastMs, performance.now() + (this.delayMs?.() ?? 0)), piece });
      if (late.length === 1) handOn();
    });
  }
}
