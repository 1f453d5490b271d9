import { loadSettings } from '@signalbox/config';
import { trialStarted } from '@signalbox/contracts';
import { Installation, eventually } from '@signalbox/test-kit';
import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { AgentProcess } from './agent-process.js';
import { TwoAgents, useAll } from './two-agents.js';

/** Fewer for a quick look. */
const settings = loadSettings(
  z.object({
    SIGNALBOX_LETTERS: z.coerce.number().int().default(10_000),
    SIGNALBOX_FAULT_SEED: z.coerce.number().int().optional(),
  }),
);
const count = settings.SIGNALBOX_LETTERS;
const isLong = count >= 5_000;
/** A redrive that is over before its process dies would show nothing. */
const ratePerS = isLong ? 250 : 50;
const betweenKillsMs = isLong ? { least: 2_000, most: 8_000 } : { least: 500, most: 2_000 };
const token = 'a-token-for-tests-only';
const doneMsMax = 60_000 + (count / ratePerS) * 3_000;

describe('many dead letters that are redriven while processes are killed', () => {
  const seed = settings.SIGNALBOX_FAULT_SEED ?? randomInt(1_000_000);
  const users = Array.from({ length: count }, (_none, n) => ({ user: `bulk-${n}`, quantity: 1 }));
  let installation: Installation;
  let agents: TwoAgents | undefined;

  beforeAll(async () => {
    installation = await Installation.open({ agents: ['faulty'] });
  });
  afterAll(async () => {
    await agents?.stop();
    await installation?.close();
  });

  /** A release that takes no event of the feature. */
  async function makeLetters(): Promise<void> {
    const broken = new AgentProcess(installation.environment({ FAULTY_FEATURE: 'bulk' }));
    try {
      await broken.ready();
      await useAll(installation, 'bulk', users);
      await eventually(
        () => installation.records('faulty.dlq'),
        (letters) => letters.length >= count,
        'dead letters',
        120_000,
      );
    } finally {
      await broken.end('SIGTERM');
    }
  }

  async function ask(two: TwoAgents): Promise<number> {
    const body = JSON.stringify({ all: true, by: 'ann', dry_run: false, rate_per_s: ratePerS });
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    return (await fetch(`${two.url}/control/redrives`, { method: 'POST', headers, body })).status;
  }

  it(
    `are handled once each, ${count} of them asked for twice, with fresh events beside them`,
    async () => {
      await makeLetters();
      const two = await TwoAgents.start(
        installation,
        installation.environment({ CONTROL_TOKEN: token }),
        seed,
      );
      agents = two;
      expect(await Promise.all([ask(two), ask(two)])).toEqual([200, 200]);
      const fresh = users.map(({ user }) => ({ user: user.replace('bulk', 'fresh'), quantity: 1 }));
      const publishing = useAll(installation, 'fine', fresh);
      const open = (): Promise<number> =>
        two.count("sb_dead_letter WHERE status = 'open' AND error_code = 'handler_fatal'");
      for (let left = await open(); left > 0; left = await open()) {
        await two.killOne(betweenKillsMs.least, betweenKillsMs.most);
        if (!isLong) await two.forgetLeases();
      }
      await publishing;
      await two.untilNone('sb_pending', 'an empty queue', doneMsMax);
      const events = await eventually(
        () => installation.events(trialStarted),
        (all) => all.length >= 2 * count,
        'what each event leads to',
        doneMsMax,
      );
      process.stdout.write(`seed ${seed}: ${count} letters redriven, ${two.kills} kills\n`);
      // A second redrive of an event, or a second handling, would be a total of 2.
      expect(events.map(({ data }) => `${data.user_id} ${data.plan}`).sort()).toEqual(
        [...users, ...fresh].map(({ user }) => `${user} total 1`).sort(),
      );
      expect(two.kills).toBeGreaterThan(0);
      expect(await two.count("sb_dead_letter WHERE status = 'redriven'")).toBe(count);
      expect(await two.count("sb_dead_letter WHERE status <> 'redriven'")).toBe(0);
      expect(await two.count('sb_key WHERE blocked')).toBe(0);
      await two.untilNone('sb_outbox', 'an empty outbox', doneMsMax);
    },
    240_000 + 2 * doneMsMax,
  );
});
