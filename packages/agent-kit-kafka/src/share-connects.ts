// For workspaces that read this source: their tsconfig does not see the declaration.
/// <reference path="./kafkajs-internals.d.ts" />
import { KafkaJSConnectionError } from 'kafkajs';
import Connection from 'kafkajs/src/network/connection';
import { refuseOtherKafkajs } from './checked-kafkajs.js';

let applied = false;

/**
 * Makes requests that need the same connection at the same time open it once. By itself kafkajs opens it once for each,
 * keeps the last one, and leaves the others open until the broker drops them ten minutes later; the process cannot end
 * before. Throws in any version but the checked one.
 */
export function shareConnects(): void {
  if (applied) return;
  refuseOtherKafkajs();
  const connectAlone = Connection.prototype.connect;
  const underWay = new WeakMap<Connection, Promise<unknown>>();
  Connection.prototype.connect = function (this: Connection): Promise<unknown> {
    const known = underWay.get(this);
    if (known) return known;
    if (this.isConnected()) return Promise.resolve(true);
    const opened = connectAlone.call(this);
    // kafkajs waits for ever when the other side hangs up before the connection stands.
    const closed = new Promise((_resolve, reject) =>
      this.socket?.once('close', () =>
        reject(new KafkaJSConnectionError('Connection closed', { broker: this.broker })),
      ),
    );
    const shared = Promise.race([opened, closed]).finally(() => underWay.delete(this));
    underWay.set(this, shared);
    return shared;
  };
  applied = true;
}
