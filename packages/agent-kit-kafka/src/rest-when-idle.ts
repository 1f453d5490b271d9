// For workspaces that read this source: their tsconfig does not see the declaration.
/// <reference path="./kafkajs-internals.d.ts" />
import RequestQueue from 'kafkajs/src/network/requestQueue';
import { refuseOtherKafkajs } from './checked-kafkajs.js';

let applied = false;

/** Requests are looked at for having taken too long so often within the time they have. */
const looksPerTimeout = 20;

/**
 * Lets a connection rest when no request waits to be sent. By itself kafkajs looks at the empty queue again and again, with
 * a timer of a millisecond for each connection, and for requests without an answer ten times a second: together that is
 * several per cent of a core for an agent that has nothing to do. Throws in any version but the checked one.
 */
export function restWhenIdle(): void {
  if (applied) return;
  refuseOtherKafkajs();
  const schedule = RequestQueue.prototype.scheduleCheckPendingRequests;
  // Whatever makes a request wait, a full connection or a broker that throttles, calls this again.
  RequestQueue.prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
    if (this.pending.length > 0) schedule.call(this);
  };
  RequestQueue.prototype.scheduleRequestTimeoutCheck = checkTimeouts;
  applied = true;
}

/** As kafkajs's own, but for how often. */
function checkTimeouts(this: RequestQueue): void {
  if (!this.enforceRequestTimeout) return;
  this.destroy();
  this.requestTimeoutIntervalId = setInterval(() => {
    for (const request of this.inflight.values())
      if (Date.now() - (request.sentAt ?? Infinity) > request.requestTimeout) request.timeoutRequest();
    if (!this.isConnected()) this.destroy();
  }, this.requestTimeout / looksPerTimeout);
}
