import { benchEntry } from '../../harness/paths.js';
import { reported, type Measured, type SideResult } from '../../harness/result.js';
import { interleave } from '../../harness/rounds.js';
import { SideProcess } from '../../harness/side-process.js';
import type { BenchStack } from '../../harness/stack.js';
import { World } from '../../harness/world.js';
import { drain, startTrialMonitor } from '../agent.js';

const sizes = (quick: boolean) =>
  quick
    ? { events: 2_000, agentRounds: 1, partitions: [1, 4], processes: [2], partitionsOfAll: 4 }
    : { events: 20_000, agentRounds: 3, partitions: [1, 2, 4, 8], processes: [2, 4], partitionsOfAll: 8 };

interface Setting {
  readonly partitions: number;
  readonly processes: number;
}

/** trial-monitor as shipped, one process over more and more partitions, then more processes over eight. */
export async function agentScaling(stack: BenchStack, quick: boolean): Promise<Measured> {
  // Processes share as many partitions as are the most for one.
  const { events, agentRounds, partitions, processes, partitionsOfAll } = sizes(quick);
  const load = SideProcess.start('load', benchEntry('load/events-load'), {});
  const known = new Map<string, Promise<SideResult>>();
  const rate = (setting: Setting): Promise<SideResult> => {
    const name = `scale-${setting.partitions}-${setting.processes}`;
    const side = known.get(name) ?? measure(stack, load, name, setting, events, agentRounds);
    known.set(name, side);
    return side;
  };
  try {
    const byPartitions: [number, SideResult][] = [];
    for (const count of partitions)
      byPartitions.push([count, await rate({ partitions: count, processes: 1 })]);
    const byProcesses: [number, SideResult][] = [];
    for (const count of [1, ...processes])
      byProcesses.push([count, await rate({ partitions: partitionsOfAll, processes: count })]);
    const [, one] = byProcesses[0] as [number, SideResult];
    const [most, many] = byProcesses.at(-1) as [number, SideResult];
    const line = (results: readonly [number, SideResult][]) => [
      {
        name: 'agent-trial-monitor',
        role: 'ours' as const,
        points: results.map(([count, { perSecond }]) => [count, perSecond] as const),
      },
    ];
    return {
      size: { events, agentRounds },
      sides: await Promise.all(known.values()),
      ratios: [
        reported(`rate: ${most} processes / one, on this machine's cores`, many.perSecond / one.perSecond),
      ],
      plots: [
        {
          name: 'Events handled by one process against partitions',
          x: 'partitions',
          y: 'events a second',
          lines: line(byPartitions),
        },
        {
          name: `Events handled against processes, ${partitionsOfAll} partitions`,
          x: 'processes',
          y: 'events a second',
          lines: line(byProcesses),
        },
      ],
    };
  } finally {
    await load.stop();
  }
}

async function measure(
  stack: BenchStack,
  load: SideProcess,
  worldName: string,
  { partitions, processes }: Setting,
  count: number,
  rounds: number,
): Promise<SideResult> {
  const world = await World.open(stack, worldName, { agents: ['trial-monitor'], partitions });
  const agents: SideProcess[] = [];
  try {
    // One first: it brings the schema up to date.
    agents.push(await startTrialMonitor(world, []));
    const more = Array.from({ length: processes - 1 }, () => startTrialMonitor(world, []));
    agents.push(...(await Promise.all(more)));
    const all = { cpuSeconds: () => agents.reduce((sum, one) => sum + one.cpuSeconds(), 0) };
    let from = 0;
    const run = () => drain({ world, process: all, load, from: (from += count) - count, count });
    const name = `agent-trial-monitor, ${partitions} partitions, ${processes} processes`;
    const [side] = (await interleave([{ name, role: 'ours', run }], { rounds })) as [SideResult];
    return side;
  } finally {
    await Promise.all(agents.map((one) => one.stop()));
    await world.close();
  }
}
