import { decodeEvent, eventIdentity, serviceDown } from '@signalbox/contracts';
import type { AlertLoad } from './alert-load.js';
import type { AgentTables } from './drain.js';
import { openingPage, pages } from './effects.js';
import { consoleConsume } from './kafka-tools.js';
import type { System } from './system.js';

/** The sets of docs/reference/faults.md, as event ids; all of them must be empty. */
interface Law {
  /** L1: acknowledged, and not in the topic. */
  readonly lost: readonly string[];
  /** L2: in the topic, and nobody took responsibility. */
  readonly unhandled: readonly string[];
  /** L3: accepted, and not one page went out; the services' names. */
  readonly unpaged: readonly string[];
  /** L4: in the topic or paged, and never accepted. */
  readonly unsent: readonly string[];
  /** L5: services whose incident does not hold its alerts once each, in their order. */
  readonly disordered: readonly string[];
  /** L2: dead letters, by error code. */
  readonly letters: readonly string[];
}

const readsMax = 5;

/** What a run without a fault gives. */
export const nothing: Law = { lost: [], unhandled: [], unpaged: [], unsent: [], disordered: [], letters: [] };

/** Compares what senders were told with the topic as Kafka's own consumer reads it, the inbox and the pages. */
export async function law(
  system: System,
  tables: AgentTables,
  loads: readonly AlertLoad[],
  brokers: readonly string[],
): Promise<Law> {
  const accepted = loads.flatMap((load) => load.accepted);
  const acceptedIds = new Set(accepted.map(({ eventId }) => eventId));
  const wire = `${system.installation.connection.namespace}.${serviceDown.topic}`;
  const topicSet = await idsIn(brokers, wire, acceptedIds);
  const topicIds = [...topicSet];
  const { rows } = await tables.of('ops').query<{ id: string }>('SELECT identity::text AS id FROM sb_inbox');
  const inbox = new Set(rows.map(({ id }) => id.replaceAll('-', '')));
  const isHandled = (id: string): boolean => inbox.has(eventIdentity('ops-alert', id).toString('hex'));
  const paged = new Set(pages(system).keys);
  const wanted = new Set(accepted.map(({ service }) => openingPage(service)));
  return {
    lost: [...acceptedIds].filter((id) => !topicSet.has(id)),
    unhandled: topicIds.filter((id) => !isHandled(id)),
    unpaged: accepted.map(({ service }) => service).filter((service) => !paged.has(openingPage(service))),
    unsent: [
      ...topicIds.filter((id) => !acceptedIds.has(id)),
      ...[...paged].filter((key) => !wanted.has(key)),
    ],
    disordered: await disordered(tables, loads),
    letters: (await tables.deadLetters('ops')).map(({ error_code: code }) => code),
  };
}

/** Compares the incidents in the agent's state with what was sent, service by service. */
async function disordered(tables: AgentTables, loads: readonly AlertLoad[]): Promise<string[]> {
  const { rows } = await tables.of('ops').query<{ service: string; alerts: string[] }>(
    `SELECT state::json #>> '{incident,service_name}' AS service, state::json #> '{incident,alert_ids}' AS alerts
       FROM sb_key WHERE state IS NOT NULL`,
  );
  const held = new Map(rows.map(({ service, alerts }) => [service, alerts]));
  return loads
    .flatMap(({ wanted }) => [...wanted])
    .filter(([service, alerts]) => String(held.get(service) ?? []) !== String(alerts))
    .map(([service]) => service);
}

/** Event ids of a topic. Kafka's console consumer ends after 6 s without a record, on a busy machine before its first one. */
async function idsIn(
  brokers: readonly string[],
  wire: string,
  wanted: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  let ids = new Set<string>();
  for (let reads = 0; reads < readsMax && [...wanted].some((id) => !ids.has(id)); reads += 1) {
    const records = (await consoleConsume(brokers, wire)).map((line) =>
      decodeEvent({ value: Buffer.from(line), headers: {}, timestampMs: 0 }),
    );
    ids = new Set(records.map(({ event_id: id }) => id));
  }
  return ids;
}

/** One line for the log of a run. */
export const say = (figures: object): void => void process.stdout.write(`${JSON.stringify(figures)}\n`);
