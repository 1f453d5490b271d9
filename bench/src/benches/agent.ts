import { trialStarted, userSignedUp } from '@signalbox/contracts';
import { freePort } from '@signalbox/local-stack';
import { appEntry, benchEntry } from '../harness/paths.js';
import { profileFlags } from '../harness/profile.js';
import { atLeast, reported, type Measured, type Role, type Sample } from '../harness/result.js';
import { interleave, type Side } from '../harness/rounds.js';
import { SideProcess } from '../harness/side-process.js';
import type { BenchStack } from '../harness/stack.js';
import { lost, World } from '../harness/world.js';
import type { SentEvents } from '../load/protocol.js';
import { userIdOf } from '../load/sign-up.js';

const partitions = 4;
const rounds = 5;
const handledMsMax = 120_000;

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
  const load = SideProcess.start('load', benchEntry('load/events-load'), {});
  const runners: Runner[] = [];
  try {
    runners.push(await ours(stack, load, size.bulk));
    runners.push(
      await rival(
        stack,
        load,
        'trial-nest',
        'Nest Kafka transport, a transaction a message',
        'rival',
        size.single,
      ),
    );
    runners.push(
      await rival(stack, load, 'trial-bulk', 'kafkajs eachBatch and bulk SQL', 'ceiling', size.bulk),
    );
    const sides = await interleave(
      runners.map(({ side }) => side),
      rounds,
    );
    for (const runner of runners) await assertNothingLost(runner);
    const [agent, nest, bulk] = sides as [(typeof sides)[0], (typeof sides)[0], (typeof sides)[0]];
    return {
      size: { quick, partitions, rounds, bulkEvents: size.bulk, singleEvents: size.single },
      sides,
      ratios: [
        atLeast('rate: ours / Nest Kafka transport', agent.perSecond / nest.perSecond, 20),
        atLeast('rate: ours / ceiling', agent.perSecond / bulk.perSecond, 0.7),
        reported(
          'CPU per event: Nest Kafka transport / ours',
          nest.cpuSecondsPer1000 / agent.cpuSecondsPer1000,
        ),
        reported('CPU per event: ceiling / ours', bulk.cpuSecondsPer1000 / agent.cpuSecondsPer1000),
      ],
    };
  } finally {
    await Promise.all([load, ...runners.map(({ process }) => process)].map((one) => one.stop()));
    await Promise.all(runners.map(({ world }) => world.close()));
  }
}

/** The shipped agent, in a world of its own. */
export async function startTrialMonitor(
  world: World,
  nodeFlags: readonly string[] = profileFlags(),
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

async function ours(stack: BenchStack, load: SideProcess, count: number): Promise<Runner> {
  const world = await World.open(stack, 'agent-ours', { agents: ['trial-monitor'], partitions });
  const process = await startTrialMonitor(world);
  return runner('agent-trial-monitor', 'ours', world, process, load, count);
}

async function rival(
  stack: BenchStack,
  load: SideProcess,
  file: string,
  title: string,
  role: Role,
  count: number,
): Promise<Runner> {
  const topics = [userSignedUp.topic, trialStarted.topic];
  const world = await World.open(stack, file, { topics, partitions });
  const process = SideProcess.start(title, benchEntry(`rivals/${file}`), world.environment());
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
}

/** Sends `count` sign-ups and waits until each has led to its event. */
export async function drain({ world, process, load, from, count }: Drain): Promise<Sample> {
  const { brokers } = world.connection;
  await load.ask({ kind: 'prepare', brokers, namespace: world.name, from, count }, 'prepared');
  const cpuBefore = process.cpuSeconds();
  const startedMs = performance.now();
  const sending = load.ask<SentEvents>({ kind: 'send' }, 'sent');
  const [{ acknowledged }, endedMs] = await Promise.all([
    sending,
    world.recordsReached(trialStarted.topic, from + count, handledMsMax),
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
