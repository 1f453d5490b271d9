import { Arrivals } from '@signalbox/test-kit';
import type { MonitorAlert } from './monitor.decide.js';
import { Monitor } from './monitor.js';

const alerts = new Arrivals<MonitorAlert>();
const checks = new Arrivals<number>();
let problem: string | undefined;
let running = 0;
let monitor: Monitor;

beforeEach(() => {
  alerts.clear();
  checks.clear();
  problem = undefined;
  monitor = new Monitor({
    intervalMs: 1,
    check: async () => {
      running += 1;
      checks.add(running);
      await new Promise(setImmediate);
      running -= 1;
      if (problem !== undefined) throw new Error(problem);
    },
    onAlert: (alert) => alerts.add(alert),
  });
  monitor.start();
});
afterEach(() => monitor.stop());

it('keeps quiet and never runs two checks at once while all is well', async () => {
  const seen = await checks.waitFor(20);
  expect(new Set(seen)).toEqual(new Set([1]));
  expect(alerts.all).toEqual([]);
  expect(monitor.state).toEqual({ kind: 'up', failures: 0 });
});

it('tells of the outage with its reason and of its end', async () => {
  problem = 'disk full';
  const [down] = await alerts.waitFor(1);
  expect(down).toMatchObject({ type: 'service_down', reason: 'disk full' });
  expect(monitor.state.kind).toBe('down');
  problem = undefined;
  const [, up] = await alerts.waitFor(2);
  expect(up).toMatchObject({ type: 'service_recovered', alertId: down?.alertId });
});

it('checks no more after it was stopped', async () => {
  await checks.waitFor(1);
  monitor.stop();
  const count = checks.all.length;
  const others = new Arrivals<number>();
  const other = new Monitor({
    intervalMs: 1,
    check: () => Promise.resolve(others.add(1)),
    onAlert: () => undefined,
  });
  other.start();
  await others.waitFor(20);
  other.stop();
  expect(checks.all).toHaveLength(count);
});
