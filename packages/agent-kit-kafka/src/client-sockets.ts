import { SignalboxError } from '@signalbox/errors';
import type { ISocketFactory } from 'kafkajs';
import type { Socket } from 'node:net';
import type { BrokerAddress } from './broker-address.js';
import { settledWithin } from './settled-within.js';
import { createSocketFactory } from './socket-factory.js';

/** A client that has not disconnected by then is cut off, in milliseconds. */
const disconnectMsMax = 5_000;

/**
 * All sockets of one kafkajs client, so that its end is an end: kafkajs forgets sockets it replaced, and what still runs
 * inside it (a join, a retry, a metadata refresh) connects anew after its `disconnect` has resolved.
 */
export class ClientSockets {
  private readonly open = new Set<Socket>();
  private ended = false;
  private readonly create: ISocketFactory;

  constructor(route?: (advertised: BrokerAddress) => BrokerAddress) {
    this.create = createSocketFactory(route);
  }

  get isEnded(): boolean {
    return this.ended;
  }

  /** Sockets that are connected or connecting. */
  get count(): number {
    return this.open.size;
  }

  /** For kafkajs's `socketFactory`. Throws once the client has ended, which kafkajs takes for a failed connection. */
  readonly factory: ISocketFactory = (options) => {
    if (this.ended) throw new SignalboxError('broker_unavailable', 'This client of Kafka was closed.');
    const socket = this.create(options);
    this.open.add(socket);
    socket.once('close', () => this.open.delete(socket));
    return socket;
  };

  /** Disconnects as kafkajs would, for at most 5 s, and then for good. Never rejects. */
  async close(disconnect: () => Promise<unknown>): Promise<void> {
    await settledWithin(disconnect(), disconnectMsMax);
    this.end();
  }

  /** Destroys what is open and opens nothing more: every request that waits for an answer fails at once. */
  end(): void {
    this.ended = true;
    // With an error, since kafkajs listens to no `close`.
    for (const socket of this.open) socket.destroy(new Error('The client was closed.'));
  }
}
