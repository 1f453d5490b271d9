// For workspaces that read this source: their tsconfig does not see the declaration.
/// <reference path="./kafkajs-internals.d.ts" />
import { SignalboxError } from '@signalbox/errors';
import RequestQueue from 'kafkajs/src/network/requestQueue';
import { version } from 'kafkajs/package.json';

const checkedVersion = '2.2.4';
let applied = false;

/**
 * Lets a connection rest when no request waits to be sent. By itself kafkajs looks at the empty queue again and again, with
 * a timer of a millisecond for each connection: a client that has nothing to do takes 4 % of a core for it. Throws in
 * any version but the checked one.
 */
export function restWhenIdle(): void {
  if (applied) return;
  if (version !== checkedVersion) {
    throw new SignalboxError(
      'internal',
      `kafkajs ${version} is not the version this was written for (${checkedVersion}).`,
    );
  }
  const schedule = RequestQueue.prototype.scheduleCheckPendingRequests;
  // Whatever makes a request wait, a full connection or a broker that throttles, calls this again.
  RequestQueue.prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
    if (this.pending.length > 0) schedule.call(this);
  };
  applied = true;
}
