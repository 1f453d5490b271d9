import { decodeEvent, eventIdentity, serviceDown } from '@signalbox/contracts';
import { testCluster, type TestCluster } from '@signalbox/local-stack';
import { AgentTables } from '../support/drain.js';
import { messages, openingPage, pages } from '../support/effects.js';
import { consoleConsume } from '../support/kafka-tools.js';
import { killLeaders } from '../support/leader-kills.js';
import { alertFor, opsPath } from '../support/seeds.js';
import { System } from '../support/system.js';

const kills = 4;
const senders = 4;
const firstAcceptedMsMax = 15_000;
const drainMsMax = 120_000;

/** What the senders know: which event was accepted, for which service, and when. */
interface Accepted {
  readonly eventId: string;
  readonly service: string;
  readonly atMs: number;
}

/** `npm run test:brokers`: three brokers, three copies, two of them in sync; see L1 to L4, L6 and L7 of the report. */
describe('a cluster that loses the leader of a partition again and again', () => {
  let cluster: TestCluster;
  let system: System;
  let tables: AgentTables;

  beforeAll(async () => {
    cluster = await testCluster(3);
    const kafka = { kafkaBrokers: cluster.addresses, replication: 3 };
    system = await System.start(['gateway', 'agent-ops', 'notifier'], {}, kafka);
    tables = new AgentTables(system.installation, ['ops', 'notifier']);
  }, 300_000);
  afterAll(async () => {
    await tables?.close();
    await system?.stop();
    await cluster?.stop();
  }, 120_000);

  /** Sends alerts of ever new services until told to end; a refused or lost one is sent again with the same bytes. */
  async function sendUntil(signal: AbortSignal): Promise<Accepted[]> {
    const accepted: Accepted[] = [];
    const lane = async (name: number): Promise<void> => {
      for (let n = 1; !signal.aborted; n += 1) {
        const service = `Lane${name}x${n}`;
        const { event_id: eventId } = await system.deliver(opsPath, alertFor(service, `A-${service}`));
        accepted.push({ eventId, service, atMs: Date.now() });
      }
    };
    await Promise.all(Array.from({ length: senders }, (_, at) => lane(at + 1)));
    return accepted;
  }

  it('loses nothing, does nothing twice, and recovers by itself', async () => {
    const wire = `${system.installation.connection.namespace}.${serviceDown.topic}`;
    const pids = ['gateway', 'agent-ops', 'notifier'].map((name) => system.app(name).pid);
    const end = new AbortController();
    const sending = sendUntil(end.signal);
    const faults = await killLeaders(cluster, wire, kills).finally(() => end.abort());
    const accepted = await sending;
    const healedAtMs = faults.at(-1)?.healedAtMs ?? 0;
    const pagesOf = (): number =>
      accepted.filter(({ service }) => pages(system).keys.includes(openingPage(service))).length;
    await tables.drained(drainMsMax);
    const drainedMs = Date.now() - healedAtMs;

    const inTopic = (await consoleConsume(cluster.addresses, wire)).map((line) =>
      decodeEvent({ value: Buffer.from(line), headers: {}, timestampMs: 0 }),
    );
    const topicIds = new Set(inTopic.map(({ event_id: id }) => id));
    const acceptedIds = new Set(accepted.map(({ eventId }) => eventId));
    const { rows } = await tables
      .of('ops')
      .query<{ id: string }>('SELECT identity::text AS id FROM sb_inbox');
    const inbox = new Set(rows.map(({ id }) => id.replaceAll('-', '')));
    const identity = (id: string): string => eventIdentity('ops-alert', id).toString('hex');
    const lost = [...acceptedIds].filter((id) => !topicIds.has(id));
    const unhandled = [...topicIds].filter((id) => !inbox.has(identity(id)));
    const unsent = [...topicIds].filter((id) => !acceptedIds.has(id));
    const restored = faults.map(({ killedAtMs }) => {
      const next = accepted.filter(({ atMs }) => atMs > killedAtMs).map(({ atMs }) => atMs - killedAtMs);
      return Math.min(...next);
    });
    process.stdout.write(
      `${JSON.stringify({ accepted: acceptedIds.size, records: inTopic.length, pages: pagesOf(), drainedMs, restored, faults })}\n`,
    );
    expect({ lost, unhandled, unsent }).toEqual({ lost: [], unhandled: [], unsent: [] });
    expect(pagesOf()).toBe(accepted.length);
    expect(pages(system).keys).toHaveLength(accepted.length);
    expect([pages(system).repeats, messages(system).repeats]).toEqual([0, 0]);
    expect(await tables.deadLetters('ops')).toEqual([]);
    expect(Math.max(...restored)).toBeLessThan(firstAcceptedMsMax);
    expect(['gateway', 'agent-ops', 'notifier'].map((name) => system.app(name).pid)).toEqual(pids);
    expect(['gateway', 'agent-ops', 'notifier'].every((name) => system.app(name).running)).toBe(true);
  }, 900_000);
});
