import { randomBytes } from 'node:crypto';
import { serviceDown, webhookReceived } from '@signalbox/contracts';
import { freePort } from '@signalbox/local-stack';
import { appEntry, benchEntry } from '../harness/paths.js';
import { profileFlags } from '../harness/profile.js';
import {
  atLeast,
  atMost,
  reported,
  type Measured,
  type Role,
  type Sample,
  type SideResult,
} from '../harness/result.js';
import { interleave, type Side } from '../harness/rounds.js';
import { SideProcess } from '../harness/side-process.js';
import type { BenchStack } from '../harness/stack.js';
import { lost, World } from '../harness/world.js';
import type { PrepareWebhooks, SentWebhooks } from '../load/http-protocol.js';

const rounds = 5;
const connections = 64;
const partitions = 4;
export const gatewaySecret = randomBytes(16).toString('hex');
export const alertPath = '/agent/ops-alert-webhook';

export interface Door {
  readonly name: string;
  readonly role: Role;
  readonly world: World;
  readonly process: SideProcess;
  readonly port: number;
  readonly count: number;
}

const sizes = (quick: boolean) => (quick ? { fast: 4_000, slow: 1_000 } : { fast: 20_000, slow: 5_000 });

/**
 * Signed webhooks of 512 bytes over 64 connections, each answered only when Kafka has it (acks=all). All sides write two
 * records of each, the event and what was received.
 */
export async function gatewayBench(openStack: () => Promise<BenchStack>, quick: boolean): Promise<Measured> {
  const stack = await openStack();
  const size = sizes(quick);
  const load = SideProcess.start('load', benchEntry('load/http-load'), {});
  let doors: readonly Door[] = [];
  try {
    const nest = 'Nest, one send of both records a request';
    const bare = 'node:http, batched produce of both records';
    doors = await Promise.all([
      startGateway(stack, 'gateway-ours', size.fast),
      startRival(stack, 'gateway-nest', nest, 'rival', size.slow),
      startRival(stack, 'gateway-bare', bare, 'ceiling', size.fast),
    ]);
    const sender = createSender(load);
    const full = doors.map((door): Side => ({ ...door, run: () => sender(door) }));
    const sides = await interleave(full, { rounds, timeShare: 0.6 });
    const [ours, slow, ceiling] = sides as [SideResult, SideResult, SideResult];
    const ratePerSecond = Math.round(ours.perSecond / 2);
    const half = [doors[0], doors[2]].map((door): Side => {
      const chosen = door as Door;
      const count = Math.min(size.fast, ratePerSecond * (quick ? 1 : 3));
      return {
        ...chosen,
        name: `${chosen.name} at half load`,
        run: () => sender({ ...chosen, count }, ratePerSecond),
      };
    });
    const halves = await interleave(half, { rounds });
    const [oursP99 = NaN, bareP99 = NaN] = halves.map(({ more }) => more['p99Ms'] ?? NaN);
    return {
      size: {
        quick,
        connections,
        partitions,
        rounds,
        requests: size.fast,
        slowRequests: size.slow,
        ratePerSecond,
      },
      sides: [...sides, ...halves],
      ratios: [
        atLeast('rate: ours / Nest with one send a request', ours.perSecond / slow.perSecond, 4),
        atLeast('rate: ours / ceiling', ours.perSecond / ceiling.perSecond, 0.6),
        atMost('p99 at half load: ours / ceiling', oursP99 / bareP99, 1.5),
        reported('CPU per request: Nest / ours', slow.cpuSecondsPer1000 / ours.cpuSecondsPer1000),
        reported('CPU per request: ceiling / ours', ceiling.cpuSecondsPer1000 / ours.cpuSecondsPer1000),
      ],
    };
  } finally {
    await Promise.all([load, ...doors.map(({ process }) => process)].map((one) => one.stop()));
    await Promise.all(doors.map(({ world }) => world.close()));
  }
}

/** The shipped gateway in a world of its own. */
export async function startGatewayProcess(
  world: World,
  nodeFlags: readonly string[] = profileFlags('gateway'),
): Promise<{ process: SideProcess; port: number }> {
  const port = await freePort();
  const environment = world.environment({ PORT: String(port), WEBHOOK_SECRET: gatewaySecret });
  const process = SideProcess.start('gateway', appEntry('gateway'), environment, nodeFlags);
  await process.ready(`http://127.0.0.1:${port}/health/ready`);
  return { process, port };
}

export async function startGateway(stack: BenchStack, name: string, count: number): Promise<Door> {
  const topics = [serviceDown.topic, webhookReceived.topic];
  const world = await World.open(stack, name, { topics, partitions });
  return { name: 'gateway', role: 'ours', world, count, ...(await startGatewayProcess(world)) };
}

export async function startRival(
  stack: BenchStack,
  file: string,
  name: string,
  role: Role,
  count: number,
): Promise<Door> {
  const topics = [serviceDown.topic, webhookReceived.topic];
  const world = await World.open(stack, file, { topics, partitions });
  const environment = world.environment({ WEBHOOK_SECRET: gatewaySecret });
  const process = SideProcess.start(name, benchEntry(`rivals/${file}`), environment);
  const { port } = await process.message<{ port: number }>('ready');
  return { name, role, world, process, port, count };
}

/** Sends a round to a door and checks that everything sent was accepted and everything accepted is in Kafka. */
export function createSender(load: SideProcess): (door: Door, ratePerSecond?: number) => Promise<Sample> {
  let from = 0;
  return async ({ name, world, process, port, count }, ratePerSecond) => {
    const before = await world.recordCount(serviceDown.topic);
    const order: PrepareWebhooks = {
      kind: 'prepare',
      port,
      path: alertPath,
      secret: gatewaySecret,
      connections,
      from,
      count,
      body: 'service_down',
    };
    from += count;
    await load.ask(order, 'prepared');
    const cpuBefore = process.cpuSeconds();
    const sent = await load.ask<SentWebhooks>({ kind: 'send', ratePerSecond }, 'sent');
    const cpuSeconds = process.cpuSeconds() - cpuBefore;
    if (sent.accepted !== count) throw lost(`${name}: accepted`, count, sent.accepted);
    const written = (await world.recordCount(serviceDown.topic)) - before;
    if (written !== count) throw lost(`${name}: in Kafka`, count, written);
    await assertRecords(world);
    const { seconds, p50Ms, p99Ms } = sent;
    return { events: count, seconds, cpuSeconds, more: { p50Ms, p99Ms } };
  };
}

/** One `webhook.received` record for each webhook. */
async function assertRecords(world: World): Promise<void> {
  const [events, records] = await Promise.all(
    [serviceDown, webhookReceived].map(({ topic }) => world.recordCount(topic)),
  );
  if (events !== records) throw lost(`${world.name}: webhook.received`, events ?? 0, records ?? 0);
}
