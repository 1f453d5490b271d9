import { progress } from '../harness/output.js';
import { benchEntry } from '../harness/paths.js';
import { atLeast, reported, type Measured, type SideResult } from '../harness/result.js';
import { interleave, type Side } from '../harness/rounds.js';
import { SideProcess } from '../harness/side-process.js';
import type { BenchStack } from '../harness/stack.js';
import { Started } from '../harness/started.js';
import { World } from '../harness/world.js';
import { drain, startTrialMonitor } from './agent.js';

const partitions = 4;
const rounds = 5;

const sizes = (quick: boolean) =>
  quick
    ? { events: 10_000, smallInbox: 10_000, smallStates: 1_000, largeInbox: 200_000, largeStates: 20_000 }
    : {
        events: 20_000,
        smallInbox: 10_000,
        smallStates: 1_000,
        largeInbox: 10_000_000,
        largeStates: 1_000_000,
      };

/** The same agent beside itself: one that has handled few events, one that has handled many. */
export async function growthBench(openStack: () => Promise<BenchStack>, quick: boolean): Promise<Measured> {
  const stack = await openStack();
  const size = sizes(quick);
  const started = new Started();
  try {
    const load = started.process(SideProcess.start('load', benchEntry('load/events-load'), {}));
    const start = async (name: string, role: Side['role'], inbox: number, states: number): Promise<Side> => {
      const options = { agents: ['trial-monitor'], partitions };
      const world = started.world(await World.open(stack, `growth-${role}`, options));
      const process = started.process(await startTrialMonitor(world));
      await fill(world, inbox, states);
      let from = 0;
      const run = () => {
        from += size.events;
        return drain({ world, process, load, from: from - size.events, count: size.events });
      };
      return { name, role, run };
    };
    const [large, small] = await Promise.all([
      start('with much behind it', 'ours', size.largeInbox, size.largeStates),
      start('with little behind it', 'baseline', size.smallInbox, size.smallStates),
    ]);
    const [ours, base] = (await interleave([large, small], { rounds })) as [SideResult, SideResult];
    return {
      size: { quick, rounds, partitions, ...size },
      sides: [ours, base],
      ratios: [
        atLeast('rate: much behind it / little', ours.perSecond / base.perSecond, 0.85),
        reported('CPU per event: much behind it / little', ours.cpuSecondsPer1000 / base.cpuSecondsPer1000),
      ],
    };
  } finally {
    await started.end();
  }
}

/**
 * Rows as the agent would have left them: random ids, an active trial for each state. The inbox gets its key after its
 * rows: one by one into a tree that grows, ten million take many minutes.
 */
async function fill({ pool }: World, inbox: number, states: number): Promise<void> {
  const startedMs = performance.now();
  const client = await pool.connect();
  try {
    await client.query(`SET synchronous_commit = off; SET maintenance_work_mem = '256MB'`);
    await client.query('ALTER TABLE trial_monitor.sb_inbox DROP CONSTRAINT sb_inbox_pkey');
    await client.query(
      `INSERT INTO trial_monitor.sb_inbox (identity, fingerprint)
       SELECT gen_random_uuid(), gen_random_uuid() FROM generate_series(1, $1::int)`,
      [inbox],
    );
    await client.query('ALTER TABLE trial_monitor.sb_inbox ADD PRIMARY KEY (identity)');
    await client.query(
      `INSERT INTO trial_monitor.sb_key (kind, value, state, state_version)
       SELECT 'trial', 'old-' || n, json_build_object('status', 'usage_only', 'usage', json_build_object('api', n)), 1
       FROM generate_series(1, $1::int) AS n`,
      [states],
    );
    await client.query('VACUUM ANALYZE trial_monitor.sb_inbox, trial_monitor.sb_key');
    // What is still to be written to disk is not written beside what is measured.
    await client.query('CHECKPOINT');
  } finally {
    client.release(true);
  }
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
  progress(`  ${inbox} inbox rows and ${states} states: filled in ${seconds} s`);
}
