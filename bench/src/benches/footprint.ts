import { freePort } from '@signalbox/local-stack';
import { appEntry, benchEntry } from '../harness/paths.js';
import { atMost, type Measured, type Ratio, type Sample, type SideResult } from '../harness/result.js';
import { interleave, type Side } from '../harness/rounds.js';
import { SideProcess } from '../harness/side-process.js';
import type { BenchStack } from '../harness/stack.js';
import { World } from '../harness/world.js';
import { gatewaySecret } from './gateway.js';

const rounds = 5;
const partitions = 2;
/** Time for what was needed only to start to be given back. */
const settleMs = 1_000;

/** Start to ready and memory when idle, of the gateway and an agent beside a Nest app that does nothing. */
export async function footprintBench(
  openStack: () => Promise<BenchStack>,
  quick: boolean,
): Promise<Measured> {
  const world = await World.open(await openStack(), 'footprint', { agents: ['trial-monitor'], partitions });
  try {
    const environment = world.environment({ WEBHOOK_SECRET: gatewaySecret });
    const side = (name: string, role: Side['role'], entry: string): Side => ({
      name,
      role,
      run: () => startOnce(name, entry, environment),
    });
    const sides = await interleave(
      [
        side('gateway', 'ours', appEntry('gateway')),
        side('agent-trial-monitor', 'ours', appEntry('agent-trial-monitor')),
        side('bare Nest app', 'baseline', benchEntry('rivals/nest-bare')),
      ],
      { rounds: quick ? 3 : rounds },
    );
    const [gateway, agent, bare] = sides as [SideResult, SideResult, SideResult];
    return {
      size: { quick, rounds: quick ? 3 : rounds, settleMs },
      sides,
      ratios: [...compare(gateway, bare), ...compare(agent, bare)],
    };
  } finally {
    await world.close();
  }
}

const compare = (ours: SideResult, bare: SideResult): Ratio[] => [
  atMost(
    `idle RSS: ${ours.name} / bare Nest app`,
    (ours.more['rssMb'] ?? NaN) / (bare.more['rssMb'] ?? NaN),
    1.5,
  ),
  atMost(`start to ready: ${ours.name} / bare Nest app`, bare.perSecond / ours.perSecond, 2),
];

/** `perSecond` is starts a second, so 1 divided by the time from start to ready. */
async function startOnce(name: string, entry: string, environment: Record<string, string>): Promise<Sample> {
  const port = String(await freePort());
  const startedMs = performance.now();
  const process = SideProcess.start(name, entry, { ...environment, PORT: port });
  try {
    await process.ready(`http://127.0.0.1:${port}/health/ready`);
    const readyMs = performance.now() - startedMs;
    await new Promise((resolve) => setTimeout(resolve, settleMs));
    const more = { readyMs, rssMb: process.rssMb() };
    return { events: 1, seconds: readyMs / 1_000, cpuSeconds: process.cpuSeconds(), more };
  } finally {
    await process.stop();
  }
}
