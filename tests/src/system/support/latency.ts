import type { ReceivedRequest } from '@signalbox/test-kit';
import { alertFor, opsPath } from './seeds.js';
import type { System } from './system.js';

export interface Latencies {
  /** From the begin of the request to the arrival, in milliseconds, sorted. */
  readonly slackMs: readonly number[];
  readonly pagerDutyMs: readonly number[];
}

const warmUps = 10;
const arrivalMsMax = 30_000;

/** Sends alerts of different services one after another, each once the one before has arrived at both receivers. */
export async function measureLatency(system: System, count: number): Promise<Latencies> {
  for (let n = 1; n <= warmUps; n += 1) await arrivals(system, `Warm${n}`);
  const slackMs: number[] = [];
  const pagerDutyMs: number[] = [];
  for (let n = 1; n <= count; n += 1) {
    const { sentAtMs, slack, pagerDuty } = await arrivals(system, `Timed${n}`);
    slackMs.push(slack - sentAtMs);
    pagerDutyMs.push(pagerDuty - sentAtMs);
  }
  return { slackMs: slackMs.sort((a, b) => a - b), pagerDutyMs: pagerDutyMs.sort((a, b) => a - b) };
}

async function arrivals(
  system: System,
  service: string,
): Promise<{ sentAtMs: number; slack: number; pagerDuty: number }> {
  const text = `${service} is down in production`;
  const isOurs = ({ body }: ReceivedRequest): boolean => body.includes(text);
  const sentAtMs = Date.now();
  await system.deliver(opsPath, alertFor(service, `${service}-1`));
  const [slack, pagerDuty] = await Promise.all(
    [system.slack, system.pagerDuty].map(async ({ http }) => {
      const all = await http.requests.waitUntil((items) => items.some(isOurs), text, arrivalMsMax);
      return all.find(isOurs)?.receivedAtMs ?? Number.NaN;
    }),
  );
  return { sentAtMs, slack: slack ?? Number.NaN, pagerDuty: pagerDuty ?? Number.NaN };
}

/** The value that `percent` of the sorted values do not exceed. */
export const percentile = (sorted: readonly number[], percent: number): number =>
  sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? Number.NaN;

/** One line for people. */
export const summaryOf = (name: string, sorted: readonly number[]): string =>
  `${name}: p50 ${percentile(sorted, 50)} ms, p95 ${percentile(sorted, 95)} ms, p99 ${percentile(sorted, 99)} ms, ` +
  `most ${sorted.at(-1)} ms, of ${sorted.length}`;
