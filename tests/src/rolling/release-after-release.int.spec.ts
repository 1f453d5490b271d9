import type { RunningAgent } from '@signalbox/agent-kit-nest';
import { eventually } from '@signalbox/test-kit';
import { MeterInstallation } from './meter-installation.js';
import { NewRelease, measuredV2 } from './new-release.js';
import { OldRelease, hopeless, measuredV1, retryMs, unlucky } from './old-release.js';

jest.setTimeout(120_000);

describe('a release with a new event version and a new state version', () => {
  let meters: MeterInstallation;
  let after: RunningAgent;
  beforeAll(async () => {
    meters = await MeterInstallation.open();
  });
  afterAll(() => meters.close());

  const old = (meter_id: string, amount: number) => meters.measure(measuredV1, { meter_id, amount } as never);

  it('takes over state, waiting, parked and unread events of the release before', async () => {
    const before = await meters.start(OldRelease);
    for (const amount of [1, unlucky, 2, 3]) await old('a', amount);
    await old('b', hopeless);
    await old('b', 5);
    expect(await meters.toldEventually('b', 1)).toEqual(['old 5']);
    await eventually(
      () => meters.pending('a'),
      (rows) => rows.length === 3,
      'three waiting events',
    );
    expect((await meters.pending('a')).map(({ kind }) => kind)).toEqual(['retry', 'parked', 'parked']);
    await meters.stop(before);
    await old('a', 4);
    await old('c', 7);

    after = await meters.start(NewRelease);
    expect(await meters.toldEventually('c', 1)).toEqual(['new 7 kwh in 1']);
    await meters.step(retryMs);
    await meters.measure(measuredV2, { meter_id: 'a', measured: { amount: 10, unit: 'kwh' } } as never);
    expect(await meters.toldEventually('a', 6)).toEqual([
      'old 1',
      'new 14 kwh in 1',
      'new 16 kwh in 2',
      'new 19 kwh in 3',
      'new 23 kwh in 4',
      'new 33 kwh in 5',
    ]);
    expect(await meters.pending('a')).toEqual([]);
  });

  const letterOf = async (meter: string) =>
    (
      await meters.rows<{ id: string; status: string; error_code: string; record_value: Buffer }>(
        'SELECT id, status, error_code, record_value FROM sb_dead_letter WHERE key_value = $1',
        meter,
      )
    )[0];

  it('leaves the dead letter as it came, for newer code to read', async () => {
    const letter = await letterOf('b');
    expect(letter?.error_code).toBe('handler_fatal');
    expect(JSON.parse(String(letter?.record_value))).toMatchObject({
      data: { meter_id: 'b', amount: hopeless },
      metadata: { schema_version: 1 },
    });
  });

  it('brings state up to date key by key, when a key is written', async () => {
    const versions = async () =>
      Object.fromEntries(
        (
          await meters.rows<{ value: string; state_version: number }>(
            'SELECT value, state_version FROM sb_key',
          )
        ).map(({ value, state_version: version }) => [value, version]),
      );
    expect(await versions()).toMatchObject({ a: 2, b: 1, c: 2 });
    await old('b', 1);
    expect(await meters.toldEventually('b', 2)).toEqual(['old 5', 'new 6 kwh in 1']);
    expect(await versions()).toMatchObject({ b: 2 });
  });

  it('handles the dead letter of the release before when it is redriven: event and state in their new form', async () => {
    const letter = await letterOf('b');
    expect(letter?.status).toBe('open');
    await meters.redrive(after.url, letter?.id as string);
    expect(await meters.toldEventually('b', 3)).toEqual([
      'old 5',
      'new 6 kwh in 1',
      `new ${6 + hopeless} kwh in 2`,
    ]);
    expect(await letterOf('b')).toMatchObject({ status: 'redriven', record_value: letter?.record_value });
    expect(await meters.rows("SELECT 1 FROM sb_dead_letter WHERE status = 'open'")).toEqual([]);
  });
});
