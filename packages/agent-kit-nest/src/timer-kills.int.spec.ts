import { loadSettings } from '@signalbox/config';
import { trialStarted } from '@signalbox/contracts';
import { Installation, eventually } from '@signalbox/test-kit';
import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { TwoAgents, useAll } from '../test/two-agents.js';

/** `npm run test:faults` runs 50,000 within a minute, and waits for real leases. */
const settings = loadSettings(
  z.object({
    SIGNALBOX_TIMERS: z.coerce.number().int().default(300),
    SIGNALBOX_TIMERS_SECONDS: z.coerce.number().default(3),
    SIGNALBOX_FAULT_SEED: z.coerce.number().int().optional(),
  }),
);
const count = settings.SIGNALBOX_TIMERS;
const overMs = settings.SIGNALBOX_TIMERS_SECONDS * 1_000;
const isLong = overMs >= 30_000;
/** Time to set them: as many a second as a busy machine takes. */
const leadMs = 4_000 + count;
const betweenKillsMs = isLong ? { least: 4_000, most: 10_000 } : { least: 0, most: 1_500 };
const lastMsMax = 120_000;

describe('timers that are due while their processes are killed', () => {
  const seed = settings.SIGNALBOX_FAULT_SEED ?? randomInt(1_000_000);
  let installation: Installation;
  let agents: TwoAgents;

  beforeAll(async () => {
    installation = await Installation.open({ agents: ['faulty'] });
    agents = await TwoAgents.start(installation, installation.environment(), seed);
  }, 120_000);
  afterAll(async () => {
    await agents?.stop();
    await installation?.close();
  });

  it(
    `fire once each, ${count} of them, and none early`,
    async () => {
      const beginMs = Date.now() + leadMs;
      const dueMs = Array.from({ length: count }, (_none, n) => Math.round(beginMs + (n * overMs) / count));
      await useAll(
        installation,
        'arm',
        dueMs.map((quantity, n) => ({ user: `t${n}`, quantity })),
      );
      await eventually(
        () => Promise.resolve(Date.now()),
        (now) => now >= beginMs,
        'the first of them',
        leadMs + 10_000,
      );
      do {
        await agents.killOne(betweenKillsMs.least, betweenKillsMs.most);
        if (!isLong) await agents.forgetLeases();
      } while (Date.now() < beginMs + overMs);
      const events = await eventually(
        () => installation.events(trialStarted),
        (all) => all.length >= count,
        'every firing',
        lastMsMax,
      );
      const lateMs = events
        .map(({ data }) => Date.parse(data.started_at) - Date.parse(data.ends_at))
        .sort((x, y) => x - y);
      process.stdout.write(
        `seed ${seed}: ${count} timers, ${agents.kills} kills, p50 ${lateMs[count >> 1]} ms late, most ${lateMs.at(-1)} ms\n`,
      );
      expect(events.map(({ data }) => data.user_id).sort()).toEqual(dueMs.map((_ms, n) => `t${n}`).sort());
      expect(lateMs[0]).toBeGreaterThanOrEqual(0);
      const wanted = new Map(dueMs.map((ms, n) => [`t${n}`, ms]));
      expect(events.filter(({ data }) => Date.parse(data.ends_at) !== wanted.get(data.user_id))).toEqual([]);
      await agents.untilNone('sb_pending', 'an empty queue', lastMsMax);
      await agents.untilNone('sb_outbox', 'an empty outbox', lastMsMax);
      expect(await agents.count('sb_dead_letter')).toBe(0);
    },
    leadMs + overMs + 3 * lastMsMax,
  );
});
