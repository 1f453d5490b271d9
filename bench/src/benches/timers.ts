import { trialExpired, userSignedUp } from '@signalbox/contracts';
import { benchEntry } from '../harness/paths.js';
import { atLeast, atMost, type Measured, type Sample, type SideResult } from '../harness/result.js';
import { interleave, type Side } from '../harness/rounds.js';
import { SideProcess } from '../harness/side-process.js';
import type { BenchStack } from '../harness/stack.js';
import { Started } from '../harness/started.js';
import { quantile } from '../harness/stats.js';
import { lost, World } from '../harness/world.js';
import type { SentEvents } from '../load/protocol.js';
import { startTrialMonitor } from './agent.js';

const partitions = 4;
const workers = 2;
/** Length of a premium trial: the agent's timer is due this long after the sign-up. */
const trialMs = 14 * 86_400_000;
const handledMsMax = 120_000;
/** Jobs of the rival that are added together. */
const jobsAtOnce = 1_000;

/** `signUpMs` and `addMs`: from the first sign-up or job to the first that is due, time enough to have them all. */
const sizes = (quick: boolean) =>
  quick
    ? { jobs: 5_000, overMs: 10_000, rounds: 1, signUpMs: 6_000, addMs: 2_000 }
    : { jobs: 100_000, overMs: 60_000, rounds: 5, signUpMs: 45_000, addMs: 15_000 };
type Size = ReturnType<typeof sizes>;

const toPercent = (ratio: number): number => Math.round(ratio * 100) / 100;

/**
 * Trials that end one after the other: the trial monitor's `trial-end` timer changes the state and emits
 * `trial.expired`. graphile-worker has the same number of jobs, each with one change and one record. Lateness is the
 * record's time in Kafka less the due time.
 */
export async function timersBench(openStack: () => Promise<BenchStack>, quick: boolean): Promise<Measured> {
  const stack = await openStack();
  const size = sizes(quick);
  const started = new Started();
  try {
    const sides = await Promise.all([ours(stack, size, started), graphile(stack, size, started)]);
    const [agent, rival] = (await interleave(sides, { rounds: size.rounds, warmUp: false })) as [
      SideResult,
      SideResult,
    ];
    return {
      size: { quick, workers, partitions, ...size },
      sides: [agent, rival],
      ratios: [
        // Both fire all that falls due: less than half a percent is when the last of them was seen.
        atLeast('rate: ours / graphile-worker', toPercent(agent.perSecond / rival.perSecond), 1),
        atMost(
          'lateness p99: ours / graphile-worker',
          (agent.more['p99Ms'] ?? NaN) / (rival.more['p99Ms'] ?? NaN),
          1,
        ),
      ],
    };
  } finally {
    await started.end();
  }
}

async function ours(stack: BenchStack, size: Size, started: Started): Promise<Side> {
  const options = { agents: ['trial-monitor'], partitions };
  const world = started.world(await World.open(stack, 'timers-ours', options));
  const load = started.process(SideProcess.start('load', benchEntry('load/events-load'), {}));
  const agents: SideProcess[] = [];
  // One after the other: the first brings the schema up to date.
  for (let n = 0; n < workers; n += 1) agents.push(started.process(await startTrialMonitor(world)));
  let from = 0;
  const run = async (): Promise<Sample> => {
    const dueMs = Date.now() + size.signUpMs;
    const { brokers } = world.connection;
    const order = { kind: 'prepare', brokers, namespace: world.name, from, count: size.jobs };
    from += size.jobs;
    await load.ask({ ...order, firstAtMs: dueMs - trialMs, overMs: size.overMs }, 'prepared');
    const { acknowledged } = await load.ask<SentEvents>({ kind: 'send' }, 'sent');
    if (acknowledged !== size.jobs) throw lost('sign-ups acknowledged', size.jobs, acknowledged);
    return fired(world, agents, from, size, dueMs);
  };
  return { name: 'agent-trial-monitor', role: 'ours', run };
}

async function graphile(stack: BenchStack, size: Size, started: Started): Promise<Side> {
  const options = { topics: [userSignedUp.topic, trialExpired.topic], partitions };
  const world = started.world(await World.open(stack, 'timers-graphile', options));
  await world.pool.query('CREATE TABLE trial (user_id text PRIMARY KEY, state text NOT NULL)');
  const processes: SideProcess[] = [];
  for (let n = 0; n < workers; n += 1) {
    const entry = benchEntry('rivals/timers-graphile');
    const worker = started.process(SideProcess.start('graphile-worker', entry, world.environment()));
    await worker.message('ready');
    processes.push(worker);
  }
  let from = 0;
  const run = async (): Promise<Sample> => {
    const dueMs = Date.now() + size.addMs;
    await addJobs(world, { from, dueMs, size });
    from += size.jobs;
    return fired(world, processes, from, size, dueMs);
  };
  return { name: 'graphile-worker', role: 'rival', run };
}

/** In transactions of a thousand: what a single one adds makes each further job of it dearer. */
async function addJobs(
  { pool }: World,
  { from, dueMs, size }: { from: number; dueMs: number; size: Size },
): Promise<void> {
  for (let added = 0; added < size.jobs; added += jobsAtOnce) {
    const count = Math.min(jobsAtOnce, size.jobs - added);
    await pool.query(
      `SELECT count(*) FROM graphile_worker.add_jobs(ARRAY(
         SELECT ROW('expire',
           json_build_object('user', 'usr-' || n, 'due', to_char(due AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')),
           NULL, due, NULL, NULL, NULL, NULL)::graphile_worker.job_spec
         FROM (SELECT n, to_timestamp(($1::float8 + $2::float8 * (n - $3) / $4) / 1000) AS due
               FROM generate_series($5::int, $5::int + $6::int - 1) AS n) AS jobs))`,
      [dueMs, size.overMs, from, size.jobs, from + added, count],
    );
  }
}

/** Waits for the events of all timers so far and looks at when the last round's came. */
async function fired(
  world: World,
  processes: readonly SideProcess[],
  total: number,
  size: Size,
  dueMs: number,
): Promise<Sample> {
  const cpu = (): number => processes.reduce((sum, one) => sum + one.cpuSeconds(), 0);
  const cpuBefore = cpu();
  await world.recordsReached(trialExpired.topic, total, size.signUpMs + size.overMs + handledMsMax);
  const cpuSeconds = cpu() - cpuBefore;
  const latenessMs: number[] = [];
  const keys = new Set<string>();
  let lastMs = dueMs;
  for await (const { key, value, timestampMs } of world.readTopic(trialExpired.topic)) {
    keys.add(String(key));
    const { data } = JSON.parse(String(value)) as { data: { expired_at: string } };
    const due = Date.parse(data.expired_at);
    if (due < dueMs - 1) continue;
    latenessMs.push(timestampMs - due);
    lastMs = Math.max(lastMs, timestampMs);
  }
  if (keys.size !== total) throw lost(`${world.name}: timers`, total, keys.size);
  return {
    events: size.jobs,
    seconds: (lastMs - dueMs) / 1_000,
    cpuSeconds,
    more: { p50Ms: quantile(latenessMs, 0.5), p99Ms: quantile(latenessMs, 0.99) },
  };
}
