import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A TCP proxy in front of PostgreSQL that falls silent, or cuts a connection around a statement. */
export class CuttingProxy {
  private readonly pairs = new Set<readonly [Socket, Socket]>();
  private statement: { readonly text: string; readonly isForwarded: boolean } | undefined;
  private isHeld = false;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(target: string): Promise<CuttingProxy> {
    const to = new URL(target);
    const holder: { proxy?: CuttingProxy } = {};
    const server = createServer((client) => holder.proxy?.join(client, to));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = new URL(target);
    url.port = String((server.address() as AddressInfo).port);
    holder.proxy = new CuttingProxy(server, url.toString());
    return holder.proxy;
  }

  /** Lets the statement through once and cuts instead of handing its answer on. */
  cutAfter(text: string): void {
    this.statement = { text, isForwarded: true };
  }

  /** Cuts once instead of handing the statement on. */
  cutBefore(text: string): void {
    this.statement = { text, isForwarded: false };
  }

  /** From now on nothing gets through, as with a server that was stopped. */
  hold(): void {
    this.isHeld = true;
    for (const sockets of this.pairs) for (const socket of sockets) socket.pause();
  }

  go(): void {
    this.isHeld = false;
    for (const sockets of this.pairs) for (const socket of sockets) socket.resume();
  }

  cutAll(): void {
    for (const sockets of this.pairs) for (const socket of sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.cutAll();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(client: Socket, { hostname, port }: URL): void {
    const server = connect(Number(port), hostname);
    const pair = [client, server] as const;
    this.pairs.add(pair);
    let isDoomed = false;
    const end = (): void => {
      client.destroy();
      server.destroy();
      this.pairs.delete(pair);
    };
    client.on('data', (chunk) => {
      const { statement } = this;
      if (statement && chunk.includes(statement.text)) {
        this.statement = undefined;
        if (!statement.isForwarded) return end();
        isDoomed = true;
      }
      server.write(chunk);
    });
    server.on('data', (chunk) => (isDoomed ? end() : client.write(chunk)));
    for (const socket of pair) socket.on('error', end).on('close', end);
    if (this.isHeld) for (const socket of pair) socket.pause();
  }
}
