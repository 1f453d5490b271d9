import {
  AgentRuntime,
  defineState,
  emit,
  setState,
  type AgentDefinition,
  type DecideHandler,
} from '@signalbox/agent-kit';
import { createConsumer, createInspector, createProducer } from '@signalbox/agent-kit-kafka';
import { PostgresStore, createPool, migrate, type Pool } from '@signalbox/agent-kit-postgres';
import { loadSettings } from '@signalbox/config';
import { trialStarted, usageRecorded, type DataOf } from '@signalbox/contracts';
import { silentLogger } from '@signalbox/observability';
import { Installation, eventually, gatedStore, type Gate } from '@signalbox/test-kit';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { mortalClock } from '../test/mortal-clock.js';
import { systemClock, systemRandom } from './runtime/system-ports.js';

const EVENTS = 250;
/** runtime.md: so long after the death of its process a release has gone on. */
const GOES_ON_MS_MAX = 65_000;
/** `npm run test:faults` waits for the leases of the dead, 30 s each; otherwise they are ended by hand. */
const { SIGNALBOX_REAL_LEASES: hasRealLeases } = loadSettings(
  z.object({ SIGNALBOX_REAL_LEASES: z.stringbool().default(false) }),
);
const counter = defineState({ kind: 'released', schema: z.object({ count: z.number() }) });

/** Whether what the handler depends on is broken. */
let isBroken = true;

const handler: DecideHandler<{ count: number }, DataOf<typeof usageRecorded>> = {
  kind: 'decide',
  name: 'count',
  contract: usageRecorded,
  state: counter,
  retry: { delaysMs: Array.from({ length: 50 }, () => 1_000), afterDeadLetter: 'stay-blocked' },
  decide: ({ event, state, now }) => {
    if (isBroken) throw new Error('broken');
    const at = now.toISOString();
    const plan = `${state?.count ?? 0}:${event.data.quantity}`;
    return [
      setState({ count: (state?.count ?? 0) + 1 }),
      emit(trialStarted, { user_id: event.data.user_id, plan, started_at: at, ends_at: at }),
    ];
  },
};
const definition: AgentDefinition = {
  name: 'releaser',
  startFrom: 'earliest',
  handlers: [handler],
  codeVersion: 'test',
};

/** When a process ends: right after such a call has been done, before anybody hears of it. */
type Death = 'never' | 'after a claim' | 'after a commit';

describe('a queue of 250 events behind a failed one', () => {
  let installation: Installation;
  let pool: Pool;
  const cleanUps: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    installation = await Installation.open({ agents: ['releaser'], partitions: 1 });
    await migrate(installation.databaseUrl, 'releaser');
    pool = createPool({
      url: installation.databaseUrl,
      schema: 'releaser',
      max: 2,
      onError: () => undefined,
    });
  });
  afterAll(async () => {
    for (const cleanUp of cleanUps) await cleanUp();
    await pool.end();
    await installation.close();
  });

  interface Process {
    readonly died: Promise<void>;
    /** Ends what is left of it. */
    bury(): Promise<void>;
  }

  async function start(death: Death): Promise<Process> {
    const instance = randomUUID();
    const database = { url: installation.databaseUrl, schema: 'releaser' };
    const own = createPool({ ...database, max: 6, onError: () => undefined });
    const inner = new PostgresStore({ ...database, pool: own, instance });
    const { gate, died, stopListening } = deathGate(death);
    const { connection } = installation;
    const [producer, consumer] = [createProducer(connection), createConsumer(connection)];
    const inspector = createInspector(connection);
    const runtime = new AgentRuntime(definition, {
      instance,
      store: gatedStore(inner, gate),
      producer,
      consumer,
      inspector,
      clock: death === 'never' ? systemClock : mortalClock,
      random: systemRandom,
      log: silentLogger,
      transactionsMax: 4,
      onFatal: () => undefined,
    });
    await runtime.start();
    const bury = async (): Promise<void> => {
      if (death === 'never') await runtime.stop();
      else await Promise.all([stopListening(), consumer.stop(), producer.close(), inspector.close()]);
      await own.end();
    };
    return { died, bury };
  }

  function deathGate(death: Death): {
    readonly gate: Gate;
    readonly died: Promise<void>;
    readonly stopListening: () => Promise<void>;
  } {
    let stopListening = (): Promise<void> => Promise.resolve();
    let isDead = false;
    let die: () => void = () => undefined;
    const died = new Promise<void>((resolve) => (die = resolve));
    const never = new Promise<never>(() => undefined);
    const isFatal = (point: string, answer: unknown): boolean =>
      death === 'after a claim'
        ? point === 'store.claimDue' && Array.isArray(answer) && answer.length > 0
        : death === 'after a commit' && point === 'tx.commit';
    const gate: Gate = {
      pass: async (point, call) => {
        if (isDead) return never;
        const answer = await call();
        if (point === 'store.onPending') stopListening = answer as typeof stopListening;
        if (isDead) return never;
        if (!isFatal(point, answer)) return answer;
        isDead = true;
        die();
        return never;
      },
    };
    return { gate, died, stopListening: () => stopListening() };
  }

  const count = async (sql: string): Promise<number> =>
    Number((await pool.query<{ n: string }>(`SELECT count(*) AS n FROM ${sql}`)).rows[0]?.n);

  it('is released whole and in order, although its process dies after every single commit', async () => {
    for (let quantity = 1; quantity <= EVENTS; quantity += 1)
      await installation.publish(usageRecorded, { user_id: 'u', feature: 'f', quantity, unit: 'call' });
    const first = await start('never');
    await eventually(
      () => count("sb_pending WHERE kind IN ('retry', 'parked')"),
      (n) => n === EVENTS,
      'a queue of 250',
    );
    await first.bury();

    isBroken = false;
    const left: number[] = [];
    const goesOnMs: number[] = [];
    for (let deaths = 0; deaths < 12; deaths += 1) {
      const waiting = await count('sb_pending');
      left.push(waiting);
      if (waiting === 0) break;
      const startedMs = performance.now();
      const { died, bury } = await start(deaths === 0 ? 'after a claim' : 'after a commit');
      await died;
      goesOnMs.push(Math.round(performance.now() - startedMs));
      await bury();
      if (hasRealLeases) continue;
      await pool.query('UPDATE sb_pending SET lease_until = now() WHERE lease_until IS NOT NULL');
    }
    // A claim that led to nothing, then the suspect head alone, then a hundred at a time; a process that had already
    // claimed the next when it died makes that one a suspect too.
    expect(left.slice(0, 3)).toEqual([250, 250, 249]);
    expect(left.at(-1)).toBe(0);
    const steps = left.slice(2, -1).map((before, at) => before - (left[at + 3] ?? 0));
    for (const released of steps) expect([released >= 1, released <= 100]).toEqual([true, true]);
    expect(steps.filter((released) => released > 1).length).toBeLessThanOrEqual(3);
    expect(await count('sb_key WHERE blocked')).toBe(0);
    process.stdout.write(`release: went on ${goesOnMs.join(', ')} ms after a death\n`);
    expect(Math.max(...goesOnMs)).toBeLessThan(GOES_ON_MS_MAX);

    cleanUps.push((await start('never')).bury);
    await installation.publish(usageRecorded, { user_id: 'u', feature: 'f', quantity: 251, unit: 'call' });
    const events = await installation.eventsEventually(trialStarted, EVENTS + 1);
    const order = Array.from({ length: EVENTS + 1 }, (_none, at) => `${at}:${at + 1}`);
    expect(events.map(({ data }) => data.plan)).toEqual(order);
    expect(await count('sb_dead_letter')).toBe(0);
  }, 900_000);
});
