import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { BrokerAddress } from '../src/broker-address.js';
import type { KafkaConnectionOptions } from '../src/connection.js';

/** What the proxy does with an answer of the broker. */
export type Verdict = 'pass' | 'cut' | 'hold';

interface Request {
  readonly apiKey: number;
  readonly correlationId: number;
}

/** Splits a stream of Kafka's length-prefixed frames. */
class Frames {
  private rest = Buffer.alloc(0);

  push(chunk: Buffer): Buffer[] {
    this.rest = Buffer.concat([this.rest, chunk]);
    const frames: Buffer[] = [];
    while (this.rest.length >= 4 && this.rest.length >= 4 + this.rest.readInt32BE(0)) {
      const end = 4 + this.rest.readInt32BE(0);
      frames.push(this.rest.subarray(0, end));
      this.rest = this.rest.subarray(end);
    }
    return frames;
  }
}

/**
 * A TCP proxy in front of the brokers that understands just enough of Kafka's protocol to let an answer vanish after
 * the broker did the work: the fault behind most of what kafkajs gets wrong.
 */
export class FaultProxy {
  private readonly sockets = new Set<Socket>();
  private readonly servers: Server[] = [];
  private readonly ports = new Map<string, Promise<number>>();
  /** Asked for each answer, with the number of the request's API (0 = produce, 1 = fetch). */
  onAnswer: (apiKey: number) => Verdict = () => 'pass';
  /** Requests seen, for assertions: API key and the raw frame. */
  onRequest: (apiKey: number, frame: Buffer) => void = () => undefined;
  private accepting = true;

  constructor(private readonly target: KafkaConnectionOptions) {}

  /** The target's connection, led through this proxy. */
  async connection(): Promise<KafkaConnectionOptions> {
    const routes = new Map<string, BrokerAddress>();
    for (const broker of this.target.brokers) {
      const [host = '', port = ''] = broker.split(':');
      routes.set(port, { host: '127.0.0.1', port: await this.listen({ host, port: Number(port) }) });
    }
    return { ...this.target, route: (advertised) => routes.get(String(advertised.port)) ?? advertised };
  }

  /** Refuses new connections and cuts the open ones, as a broker that is down. */
  goDown(): void {
    this.accepting = false;
    this.cutAll();
  }

  comeBack(): void {
    this.accepting = true;
  }

  cutAll(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cutAll();
    await Promise.all(this.servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }

  private listen(to: BrokerAddress): Promise<number> {
    const name = `${to.host}:${to.port}`;
    const known = this.ports.get(name);
    if (known) return known;
    const server = createServer((client) => this.serve(client, to));
    this.servers.push(server);
    const port = new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
    });
    this.ports.set(name, port);
    return port;
  }

  private serve(client: Socket, to: BrokerAddress): void {
    if (!this.accepting) {
      client.destroy();
      return;
    }
    const broker = connect({ ...to, noDelay: true });
    client.setNoDelay(true);
    const cut = () => {
      client.destroy();
      broker.destroy();
    };
    for (const socket of [client, broker]) {
      this.sockets.add(socket);
      socket.on('error', cut);
      socket.on('close', () => {
        this.sockets.delete(socket);
        cut();
      });
    }
    const pending: Request[] = [];
    const requests = new Frames();
    const answers = new Frames();
    client.on('data', (chunk) => {
      for (const frame of requests.push(chunk)) {
        const request = { apiKey: frame.readInt16BE(4), correlationId: frame.readInt32BE(8) };
        pending.push(request);
        this.onRequest(request.apiKey, frame);
      }
      broker.write(chunk);
    });
    broker.on('data', (chunk) => {
      for (const frame of answers.push(chunk)) {
        // A broker answers the requests of one connection in order.
        const verdict = this.onAnswer(pending.shift()?.apiKey ?? -1);
        if (verdict === 'cut') return cut();
        if (verdict === 'pass') client.write(frame);
      }
    });
  }
}
