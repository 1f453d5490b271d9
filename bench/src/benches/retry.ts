import { trialConverted, trialStarted } from '@signalbox/contracts';
import { freePort } from '@signalbox/local-stack';
import { setTimeout as delay } from 'node:timers/promises';
import { benchEntry } from '../harness/paths.js';
import { profileFlags } from '../harness/profile.js';
import { atLeast, reported, type Measured, type Sample, type SideResult } from '../harness/result.js';
import { interleave, type Side } from '../harness/rounds.js';
import { SideProcess } from '../harness/side-process.js';
import type { BenchStack } from '../harness/stack.js';
import { lost, World } from '../harness/world.js';
import type { SentEvents } from '../load/protocol.js';

const partitions = 4;
const failEvery = 10;
/** The first retry comes so long after a failure. */
const firstRetryMs = 5_000;
const handledMsMax = 120_000;

const sizes = (quick: boolean) => (quick ? { events: 8_000, rounds: 2 } : { events: 40_000, rounds: 5 });
type Size = ReturnType<typeof sizes>;

interface Bench {
  readonly stack: BenchStack;
  readonly size: Size;
  readonly load: SideProcess;
  readonly cleanUps: (() => Promise<void>)[];
}

/**
 * One event in ten fails once and is tried again 5 s later over the retry topic. Measured are the healthy events of a
 * batch that is sent when the retries of the batch before it fall due, so that both kinds are at work at once. The other
 * side is the same process with nothing failing, which waits as long between its batches.
 */
export async function retryBench(openStack: () => Promise<BenchStack>, quick: boolean): Promise<Measured> {
  const stack = await openStack();
  const size = sizes(quick);
  const cleanUps: (() => Promise<void>)[] = [];
  try {
    const load = SideProcess.start('load', benchEntry('load/events-load'), {});
    cleanUps.push(() => load.stop());
    const bench: Bench = { stack, size, load, cleanUps };
    const sides = [await side(bench, 'failing', failEvery), await side(bench, 'healthy', 0)];
    const [failing, healthy] = (await interleave(sides, size.rounds)) as [SideResult, SideResult];
    return {
      size: { quick, partitions, failEvery, ...size },
      sides: [failing, healthy],
      ratios: [
        atLeast(
          'healthy rate: 10 % failing once / none failing',
          failing.perSecond / healthy.perSecond,
          0.85,
        ),
        reported(
          'CPU per healthy event: 10 % failing once / none failing',
          failing.cpuSecondsPer1000 / healthy.cpuSecondsPer1000,
        ),
      ],
    };
  } finally {
    for (const cleanUp of cleanUps.reverse()) await cleanUp();
  }
}

async function side({ stack, size, load, cleanUps }: Bench, name: string, every: number): Promise<Side> {
  const world = await World.open(stack, `retry-${name}`, { agents: ['failing'], partitions });
  cleanUps.push(() => world.close());
  const port = String(await freePort());
  const settings = world.environment({ PORT: port, FAIL_EVERY: String(every) });
  const process = SideProcess.start('failing', benchEntry('agents/failing'), settings, profileFlags());
  cleanUps.push(() => process.stop());
  await process.ready(`http://127.0.0.1:${port}/health/ready`);
  let sent = 0;
  const failingOf = (events: number): number => (every > 0 ? events / every : 0);
  const batch = async (): Promise<number> => {
    const { brokers } = world.connection;
    const order = { kind: 'prepare', brokers, namespace: world.name, from: sent, count: size.events };
    await load.ask(order, 'prepared');
    sent += size.events;
    const startedMs = performance.now();
    const [{ acknowledged }, endedMs] = await Promise.all([
      load.ask<SentEvents>({ kind: 'send' }, 'sent'),
      world.recordsReached(trialStarted.topic, sent - failingOf(sent), handledMsMax),
    ]);
    if (acknowledged !== size.events) throw lost('sign-ups acknowledged', size.events, acknowledged);
    return (endedMs - startedMs) / 1_000;
  };
  const run = async (): Promise<Sample> => {
    const secondsBefore = await batch();
    await delay(Math.max(0, firstRetryMs - secondsBefore * 1_000));
    const cpuBefore = process.cpuSeconds();
    const seconds = await batch();
    const cpuSeconds = process.cpuSeconds() - cpuBefore;
    // The rest of what failed does not run into the other side's turn.
    await world.recordsReached(trialConverted.topic, failingOf(sent), handledMsMax);
    const keys = await world.distinctKeys(trialStarted.topic);
    if (keys.size !== sent - failingOf(sent)) throw lost(`${name}: users`, sent - failingOf(sent), keys.size);
    return { events: size.events - failingOf(size.events), seconds, cpuSeconds };
  };
  const title = every > 0 ? 'one event in ten fails once' : 'nothing fails';
  return { name: title, role: every > 0 ? 'ours' : 'baseline', run };
}
