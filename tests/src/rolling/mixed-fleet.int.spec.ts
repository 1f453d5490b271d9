import { eventually } from '@signalbox/test-kit';
import type { AppProcess } from '../system/support/app-process.js';
import { MeterInstallation } from './meter-installation.js';
import { measuredV2 } from './new-release.js';
import { measuredV1 } from './old-release.js';

/** How long an event of a newer version waits before it is tried again. */
const newerRetryMs = 30_000;
/** One of each partition is enough; which key lies where is left to Kafka. */
const keys = ['k1', 'k2', 'k3', 'k4', 'k5', 'k6'];

jest.setTimeout(180_000);

describe('old and new code side by side, in a process each', () => {
  let meters: MeterInstallation;
  let oldCode: AppProcess;
  beforeAll(async () => {
    meters = await MeterInstallation.open();
    const newCode = await meters.startProcess('new-meter');
    for (const meter_id of keys) await meters.measure(measuredV1, { meter_id, amount: 1 } as never);
    for (const key of keys) await meters.toldEventually(key, 1);
    oldCode = await meters.startProcess('old-meter');
    expect(oldCode.pid).not.toBe(newCode.pid);
    await eventually(
      () => meters.owners(measuredV1.topic),
      (owners) => owners.length === 2 && !owners.includes(null) && new Set(owners).size === 2,
      'a partition for each',
    );
  });
  afterAll(() => meters.close());

  const parkedKeys = async () => {
    const rows = await meters.rows<{ key_value: string }>('SELECT key_value FROM sb_pending');
    return [...new Set(rows.map(({ key_value: key }) => key))].sort();
  };
  const untilSettled = (each: number) =>
    eventually(
      async () => {
        const told = await Promise.all(keys.map((key) => meters.told(key)));
        const waiting = await parkedKeys();
        return keys.filter((key, at) => told[at]?.length !== each && !waiting.includes(key));
      },
      (unsettled) => unsettled.length === 0,
      'every key handled or waiting',
    );

  it('lets what old code cannot read wait, without counting attempts and without spinning', async () => {
    for (const meter_id of keys) await meters.measure(measuredV1, { meter_id, amount: 1 } as never);
    await untilSettled(2);
    const waiting = await parkedKeys();
    expect(waiting.length).toBeGreaterThan(0);
    expect(waiting.length).toBeLessThan(keys.length);
    for (const meter_id of waiting) {
      await meters.measure(measuredV2, { meter_id, measured: { amount: 1, unit: 'kwh' } } as never);
    }
    await eventually(
      async () => Promise.all(waiting.map(async (key) => (await meters.pending(key)).length)),
      (counts) => counts.every((count) => count === 2),
      'the later event of each waiting key parked behind it',
    );
    for (const key of waiting) {
      const [head, behind] = await meters.pending(key);
      expect(head).toEqual({ kind: 'retry', attempts: 0, error_code: 'schema_newer' });
      expect(behind).toEqual({ kind: 'parked', attempts: 0, error_code: null });
    }
    const failures = (await meters.activity()).filter(({ outcome }) => outcome === 'failed');
    expect(failures).toHaveLength(waiting.length);
    expect(await meters.rows('SELECT 1 FROM sb_dead_letter')).toEqual([]);
  });

  it('is worked off by the new code, in order, while the old one still runs', async () => {
    const waiting = await parkedKeys();
    // Each step is one try; the old process may win one and puts it back as it was.
    await eventually(
      async () => {
        await meters.step(newerRetryMs);
        return parkedKeys();
      },
      (left) => left.length === 0,
      'nothing waits any more',
    );
    for (const key of waiting) {
      expect(await meters.toldEventually(key, 3)).toEqual([
        'new 1 kwh in 1',
        'new 2 kwh in 2',
        'new 3 kwh in 3',
      ]);
    }
    expect(await meters.rows('SELECT 1 FROM sb_dead_letter')).toEqual([]);
  });

  it('lets an event of a newer version wait in old code, also without any state', async () => {
    const fresh = keys.map((key) => `fresh-${key}`);
    for (const meter_id of fresh) {
      await meters.measure(measuredV2, { meter_id, measured: { amount: 2, unit: 'mwh' } } as never);
    }
    const isWaiting = "SELECT 1 FROM sb_pending WHERE error_code = 'event_newer' AND attempts = 0";
    await eventually(
      () => meters.rows(isWaiting),
      (rows) => rows.length > 0,
      'an event that waits for newer code',
    );
    expect(await oldCode.end('SIGTERM')).toMatchObject({ code: 0 });
    await eventually(
      async () => {
        await meters.step(newerRetryMs);
        return parkedKeys();
      },
      (left) => left.length === 0,
      'nothing waits any more',
    );
    for (const key of fresh) expect(await meters.toldEventually(key, 1)).toEqual(['new 2 mwh in 1']);
    expect(await meters.rows('SELECT 1 FROM sb_dead_letter')).toEqual([]);
  });
});
