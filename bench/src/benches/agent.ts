import { trialStarted, userSignedUp } from '@signalbox/contracts';
import { freePort } from '@signalbox/local-stack';
import { appEntry, benchEntry } from '../harness/paths.js';
import { profileFlags } from '../harness/profile.js';
import { atLeast, reported, type Measured, type Role, type Sample } from '../harness/result.js';
import { interleave, type Side } from '../harness/rounds.js';
import { SideProcess } from '../harness/side-process.js';
import type { BenchStack } from '../harness/stack.js';
import { Started } from '../harness/started.js';
import { lost, World } from '../harness/world.js';
import type { SentEvents } from '../load/protocol.js';
import { userIdOf } from '../load/sign-up.js';

const partitions = 4;
const rounds = 5;
const handledMsMax = 120_000;

interface Bench {
  readonly stack: BenchStack;
  readonly load: SideProcess;
  readonly started: Started;
}

interface Runner {
  readonly side: Side;
  readonly world: World;
  readonly process: SideProcess;
  /** Events sent so far. */
  sent(): number;
}

/** How many events each side gets in a round: as many as it handles in about the same time. */
const sizes = (quick: boolean) => (quick ? { bulk: 4_000, single: 120 } : { bulk: 20_000, single: 1_000 });

/**
 * Trial monitor as shipped on `user.signed_up`: inbox, state, three timers, one emitted event, one activity entry.
 * Clock: from the load's first send until the topic of the emitted events holds all of them.
 */
export async function agentBench(openStack: () => Promise<BenchStack>, quick: boolean): Promise<Measured> {
  const stack = await openStack();
  const size = sizes(quick);
  const started = new Started();
  const load = started.process(SideProcess.start('load', benchEntry('load/events-load'), {}));
  try {
    const bench: Bench = { stack, load, started };
    const nest = 'Nest Kafka transport, a transaction a message';
    const runners = await Promise.all([
      ours(bench, size.bulk),
      rival(bench, { file: 'trial-nest', title: nest, role: 'rival', count: size.single }),
      rival(bench, {
        file: 'trial-bulk',
        title: 'kafkajs eachBatch and bulk SQL',
        role: 'ceiling',
        count: size.bulk,
      }),
    ]);
    const sides = await interleave(
      runners.map(({ side }) => side),
      { rounds },
    );
    for (const runner of runners) await assertNothingLost(runner);
    const [agent, stock, bulk] = sides as [(typeof sides)[0], (typeof sides)[0], (typeof sides)[0]];
    return {
      size: { quick, partitions, rounds, bulkEvents: size.bulk, singleEvents: size.single },
      sides,
      ratios: [
        atLeast('rate: ours / Nest Kafka transport', agent.perSecond / stock.perSecond, 20),
        atLeast('rate: ours / ceiling', agent.perSecond / bulk.perSecond, 0.7),
        reported(
          'CPU per event: Nest Kafka transport / ours',
          stock.cpuSecondsPer1000 / agent.cpuSecondsPer1000,
        ),
        reported('CPU per event: ceiling / ours', bulk.cpuSecondsPer1000 / agent.cpuSecondsPer1000),
      ],
    };
  } finally {
    await started.end();
  }
}

/** The shipped agent, in a world of its own. */
export async function startTrialMonitor(
  world: World,
  nodeFlags: readonly string[] = profileFlags('trial-monitor'),
): Promise<SideProcess> {
  const port = String(await freePort());
  const agent = SideProcess.start(
    'trial-monitor',
    appEntry('agent-trial-monitor'),
    world.environment({ PORT: port }),
    nodeFlags,
  );
  await agent.ready(`http://127.0.0.1:${port}/health/ready`);
  return agent;
}

async function ours({ stack, load, started }: Bench, count: number): Promise<Runner> {
  const options = { agents: ['trial-monitor'], partitions };
  const world = started.world(await World.open(stack, 'agent-ours', options));
  const process = started.process(await startTrialMonitor(world));
  return runner('agent-trial-monitor', 'ours', world, process, load, count);
}

interface Rival {
  readonly file: string;
  readonly title: string;
  readonly role: Role;
  /** Events of a round. */
  readonly count: number;
}

async function rival({ stack, load, started }: Bench, { file, title, role, count }: Rival): Promise<Runner> {
  const options = { topics: [userSignedUp.topic, trialStarted.topic], partitions };
  const world = started.world(await World.open(stack, file, options));
  const entry = benchEntry(`rivals/${file}`);
  const process = started.process(SideProcess.start(title, entry, world.environment()));
  await process.message('ready');
  return runner(title, role, world, process, load, count);
}

function runner(
  name: string,
  role: Role,
  world: World,
  process: SideProcess,
  load: SideProcess,
  count: number,
): Runner {
  let sent = 0;
  const run = async (): Promise<Sample> => {
    const from = sent;
    sent += count;
    return drain({ world, process, load, from, count });
  };
  return { side: { name, role, run }, world, process, sent: () => sent };
}

export interface Drain {
  readonly world: World;
  readonly process: Pick<SideProcess, 'cpuSeconds'>;
  readonly load: SideProcess;
  readonly from: number;
  readonly count: number;
  /** How many events there are at the end; default: one for each sign-up sent so far. */
  readonly until?: number;
}

/** Sends `count` sign-ups and waits until as many have led to their event. */
export async function drain({
  world,
  process,
  load,
  from,
  count,
  until = from + count,
}: Drain): Promise<Sample> {
  const { brokers } = world.connection;
  await load.ask({ kind: 'prepare', brokers, namespace: world.name, from, count }, 'prepared');
  const cpuBefore = process.cpuSeconds();
  const startedMs = performance.now();
  const sending = load.ask<SentEvents>({ kind: 'send' }, 'sent');
  const [{ acknowledged }, endedMs] = await Promise.all([
    sending,
    world.recordsReached(trialStarted.topic, until, handledMsMax),
  ]);
  if (acknowledged !== count) throw lost(`${world.name}: acknowledged`, count, acknowledged);
  const cpuSeconds = process.cpuSeconds() - cpuBefore;
  return { events: count, seconds: (endedMs - startedMs) / 1_000, cpuSeconds };
}

/** Sent = handled: every user has one event, and the database knows every sign-up. */
async function assertNothingLost({ world, side, sent }: Runner): Promise<void> {
  const wanted = sent();
  const keys = await world.distinctKeys(trialStarted.topic);
  for (let n = 0; n < wanted; n += 1) {
    if (!keys.has(userIdOf(n))) throw lost(`${side.name}: no event for ${userIdOf(n)}`, wanted, keys.size);
  }
  const isOurs = side.role === 'ours';
  const inbox = isOurs ? 'trial_monitor.sb_inbox' : 'inbox';
  const states = isOurs ? 'trial_monitor.sb_key WHERE state IS NOT NULL' : 'trial';
  for (const table of [inbox, states]) {
    const seen = await world.count(`SELECT count(*) FROM ${table}`);
    if (seen !== wanted) throw lost(`${side.name}: ${table}`, wanted, seen);
  }
}
