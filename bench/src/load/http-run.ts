import { setTimeout as delay } from 'node:timers/promises';
import { quantile } from '../harness/stats.js';
import type { SentWebhooks } from './http-protocol.js';
import type { HttpConnection } from './http-connection.js';

/** Sends all requests over the connections and measures. With a rate, latency counts from the time a request was due. */
export async function sendAll(
  connections: readonly HttpConnection[],
  requests: readonly Buffer[],
  ratePerSecond?: number,
): Promise<SentWebhooks> {
  const latenciesMs: number[] = [];
  let accepted = 0;
  let next = 0;
  const startedMs = performance.now();
  const one = async (connection: HttpConnection): Promise<void> => {
    for (let at = next++; at < requests.length; at = next++) {
      const dueMs = ratePerSecond ? startedMs + (at / ratePerSecond) * 1_000 : performance.now();
      // Timers fire late by a millisecond or so; the wait is part of the latency, the same for every side.
      if (dueMs > performance.now()) await delay(dueMs - performance.now());
      const status = await connection.request(requests[at] as Buffer);
      latenciesMs.push(performance.now() - dueMs);
      if (status === 202) accepted += 1;
    }
  };
  await Promise.all(connections.map(one));
  return {
    kind: 'sent',
    accepted,
    refused: requests.length - accepted,
    seconds: (performance.now() - startedMs) / 1_000,
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
  };
}
