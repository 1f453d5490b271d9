import { agentActivity, decodeEvent, deadLetterTopic, type ActivityEntry } from '@signalbox/contracts';
import { AGENT, retry, simAct, simActed, simFired, simStep } from './agent.js';
import type { Ground } from './ground.js';
import { KEYS, type PlannedEvent } from './plan.js';

const isDeadLetter = ({ script: { fate } }: PlannedEvent): boolean =>
  fate.kind === 'fatal' || fate.kind === 'never';

const sorted = (numbers: readonly number[]): string => [...numbers].sort((a, b) => a - b).join();
const same = (what: string, found: string, wanted: string): string[] =>
  found === wanted ? [] : [`${what}: found ${found}; wanted ${wanted}`];

/** Every promise that does not hold at the end of a run. */
export function brokenPromises(world: Ground): string[] {
  return [
    ...KEYS.flatMap((key) => stateOf(world, key)),
    ...outputs(world),
    ...acts(world),
    ...deadLetters(world),
    ...activity(world),
    ...world.database.locks.deadlocks.map((circle) => `deadlock: ${circle}`),
  ];
}

function log<T>(world: Ground, kind: string, key: string): T | undefined {
  const row = world.database.tables.keys.rows.get(`${kind}\n${key}`);
  return row?.state == null ? undefined : (JSON.parse(row.state) as T);
}

interface Account {
  readonly log: number[];
  readonly acted: number[];
  readonly timers: Record<string, string | null>;
  readonly ghosts: string[];
  readonly ends: string[];
}

/** State is the fold over the key's events in their order, each once; timers end once and the right way. */
function stateOf(world: Ground, key: string): string[] {
  const events = world.events.filter((event) => event.key === key);
  const handled = events.filter((event) => !isDeadLetter(event));
  const wanted = handled.map(({ script }) => script.seq);
  const state = log<Account>(world, 'account', key);
  if (!state) return wanted.length === 0 ? [] : [`${key} has no state`];
  const tallied = events.filter(({ script }) => !['fatal', 'never'].includes(script.tallyFate.kind));
  const performed = handled.filter(({ script: { act } }) => act && act !== 'refused');
  const set = handled.flatMap(({ id, script }) => (script.setTimer ? [id] : []));
  const ended = state.ends.map((end) => end.split(' ')[0] as string);
  const fired = state.ends.filter((end) => end.endsWith('fired')).map((end) => Number(end.split(/[- ]/)[1]));
  const seqsOf = (kind: string): number[] => log<{ log: number[] }>(world, kind, key)?.log ?? [];
  return [
    ...same(`order of ${key}`, state.log.join(), wanted.join()),
    ...same(`order of ${key}'s steps`, seqsOf('echo').join(), wanted.join()),
    ...same(`${key}'s tally`, sorted(seqsOf('tally')), tallied.map(({ script }) => script.seq).join()),
    ...same(`results of ${key}'s acts`, state.acted.join(), performed.map(({ script }) => script.seq).join()),
    ...same(`${key}'s timers`, [...ended].sort().join(), [...set].sort().join()),
    ...same(`${key}'s firings`, seqsOf('fired').join(), fired.join()),
    ...same(`ghosts of ${key}`, state.ghosts.join(), ''),
  ];
}

/** Each output has one id, and per key the first copies stand in order. */
function outputs(world: Ground): string[] {
  const handled = world.events.filter((event) => !isDeadLetter(event));
  const seen = new Map<string, Map<string, { seq: number; key: string }>>();
  for (const record of world.broker.recordsOf(`${AGENT}.internal`)) {
    const event = decodeEvent(record);
    const ids = seen.get(event.event_type) ?? new Map<string, { seq: number; key: string }>();
    seen.set(event.event_type, ids);
    const { user_id: key, seq } = event.data as { user_id: string; seq: number };
    if (!ids.has(event.event_id)) ids.set(event.event_id, { seq, key });
  }
  return [simStep, simAct, simActed, simFired].flatMap(({ type }) => {
    const all = [...(seen.get(type)?.values() ?? [])];
    const wanted =
      type === simStep.type
        ? handled
        : handled.filter(({ script: { act } }) => act && (type === simAct.type || act !== 'refused'));
    return KEYS.flatMap((key) => {
      const found = all.filter((one) => one.key === key).map(({ seq }) => seq);
      if (type === simFired.type)
        return same(`${type} of ${key}`, String(new Set(found).size), String(found.length));
      const seqs = wanted.filter((event) => event.key === key).map(({ script }) => script.seq);
      return same(`${type} of ${key}`, found.join(), seqs.join());
    });
  });
}

/** The outside was asked for each act under one key, in the order of its entity. */
function acts(world: Ground): string[] {
  const { events, receiver } = world;
  const wanted = events.filter(
    (event) => !isDeadLetter(event) && event.script.act && event.script.act !== 'refused',
  );
  return KEYS.flatMap((key) =>
    same(
      `acts of ${key}`,
      receiver.acts
        .filter((act) => act.key === key)
        .map(({ seq }) => seq)
        .join(),
      wanted
        .filter((event) => event.key === key)
        .map(({ script }) => script.seq)
        .join(),
    ),
  );
}

/** Just the events that can never be handled are dead letters, once per handler, each with its copy. */
function deadLetters({ events, database, broker }: Ground): string[] {
  const ends = (fate: { kind: string }): boolean => fate.kind === 'fatal' || fate.kind === 'never';
  const wanted = events.flatMap(({ id, script }) => [
    ...(ends(script.fate) ? [`usage ${id}`] : []),
    ...(ends(script.tallyFate) ? [`tally ${id}`] : []),
    ...(script.act === 'refused' && !ends(script.fate) ? [`act ${script.seq}`] : []),
  ]);
  const rows = [...database.tables.deadLetters.rows.values()];
  const found = rows.map(({ handler, eventId, record }) =>
    handler === 'act' ? `act ${(decodeEvent(record).data as { seq: number }).seq}` : `${handler} ${eventId}`,
  );
  const copies = new Set(
    broker
      .recordsOf(deadLetterTopic(AGENT))
      .map(
        ({ headers }) =>
          `${headers['sb-handler']?.toString()} ${headers['sb-original-topic']?.toString()}/${headers['sb-original-partition']?.toString()}/${headers['sb-original-offset']?.toString()}`,
      ),
  );
  const attempts = rows.filter(({ errorCode, handler, attempts: made }) =>
    errorCode === 'handler_fatal' ? made !== 1 : handler !== 'act' && made !== retry.delaysMs.length + 1,
  );
  return [
    ...same('dead letters', found.sort().join(), wanted.sort().join()),
    ...same('copies of dead letters', String(copies.size), String(rows.length)),
    ...attempts.map(
      ({ handler, eventId, attempts: made, errorCode, errorMessage }) =>
        `${handler} ${eventId} died after ${made} attempts: ${errorCode} ${errorMessage}`,
    ),
  ];
}

/** Per event and handler: attempts counted without a gap, none early, one end. */
function activity(world: Ground): string[] {
  const chunks = new Map<string, { at: string; entries: ActivityEntry[] }>();
  for (const record of world.broker.recordsOf(agentActivity.topic)) {
    const { event_id: id, data } = decodeEvent(record);
    chunks.set(id, data as { at: string; entries: ActivityEntry[] });
  }
  const stories = new Map<string, (ActivityEntry & { atMs: number })[]>();
  for (const { at, entries } of chunks.values()) {
    for (const entry of entries) {
      if (entry.handler !== 'usage' && entry.handler !== 'tally') continue;
      const story = stories.get(`${entry.handler} ${entry.event_id}`) ?? [];
      stories.set(`${entry.handler} ${entry.event_id}`, story);
      story.push({ ...entry, atMs: Date.parse(at) });
    }
  }
  return [...stories].flatMap(([name, story]) => storyProblems(name, story));
}

function storyProblems(name: string, story: readonly (ActivityEntry & { atMs: number })[]): string[] {
  const runs = story.filter(({ outcome }) => outcome !== 'parked').sort((a, b) => a.atMs - b.atMs);
  const failed = runs.filter(({ outcome }) => outcome === 'failed');
  const ended = runs.filter(({ outcome }) => outcome !== 'failed');
  const told = `${name} ${runs.map(({ outcome, attempt }) => `${outcome} ${attempt}`).join(', ')}`;
  const isCounted = failed.every(({ attempt }, at) => attempt === at + 1);
  const early = failed.filter(({ atMs }, at) => {
    const next = runs[at + 1];
    return next && next.atMs < atMs + (retry.delaysMs[at] ?? 0);
  });
  return [
    ...(ended.length === 1 ? [] : [`ended ${ended.length} times: ${told}`]),
    ...(isCounted ? [] : [`attempts not counted: ${told}`]),
    ...(early.length > 0 ? [`retried early: ${told}`] : []),
  ];
}
