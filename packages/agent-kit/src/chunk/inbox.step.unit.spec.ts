import { encodeEvent, userSignedUp } from '@signalbox/contracts';
import { agent, signUp } from '../../test/agent.js';
import type { InboxRow, InboxVerdict } from '../ports/store.js';
import { createRegistry } from '../registry.js';
import type { ChunkRun, DecodedItem } from './chunk.js';
import type { StepContext } from './context.js';
import { decodeRecord } from './decode.js';
import { Effects } from './effects.js';
import { FORGOTTEN_NOTE, inbox } from './inbox.step.js';

const registry = createRegistry(agent);
const writtenAt = new Date('2026-04-05T12:00:00Z');

function item(eventId: string, change: Record<string, unknown> = {}): DecodedItem {
  const event = { ...signUp, event_id: eventId, data: { ...signUp.data, ...change } };
  const { value, headers } = encodeEvent(event, { key: 'k' });
  const bytes = Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)]));
  const record = { offset: 0n, timestampMs: writtenAt.getTime(), key: null, value, headers: bytes };
  return decodeRecord(registry, userSignedUp.topic, record);
}

async function through(
  items: readonly DecodedItem[],
  verdicts: readonly InboxVerdict[],
  forgottenUntil: Date | null = null,
) {
  const asked: InboxRow[] = [];
  const tx = {
    takeResponsibility: (rows: readonly InboxRow[]) => {
      asked.push(...rows);
      return Promise.resolve(verdicts);
    },
  };
  const partition = { topic: userSignedUp.topic, partition: 0 };
  const run = {
    input: { partition, items },
    tx,
    effects: new Effects(),
    taken: [],
    opened: { chunk: 1n, now: writtenAt },
  } as unknown as ChunkRun;
  const settle = await inbox(run, {
    agent,
    registry,
    forgotten: { until: forgottenUntil },
  } as unknown as StepContext);
  await settle();
  return { asked, run };
}

describe('inbox', () => {
  it('takes what is new and notes what is known', async () => {
    const { run, asked } = await through([item('e1'), item('e2')], ['taken', 'duplicate']);
    expect(run.taken.map(({ event }) => event.event_id)).toEqual(['e1']);
    expect(run.effects.activity).toMatchObject([{ event_id: 'e2', outcome: 'duplicate' }]);
    expect(asked.map(({ outcome }) => outcome)).toEqual(['taken', 'taken']);
  });

  it('asks once for an id that occurs twice in a chunk', async () => {
    const { run, asked } = await through([item('e1'), item('e1')], ['taken']);
    expect(asked).toHaveLength(1);
    expect(run.taken).toHaveLength(1);
    expect(run.effects.activity).toMatchObject([{ outcome: 'duplicate' }]);
  });

  it('makes a dead letter of an id that comes with another content, whether stored or in the same chunk', async () => {
    const { run } = await through(
      [item('e1'), item('e2'), item('e1', { plan: 'other' })],
      ['taken', 'conflict'],
    );
    expect(run.taken).toHaveLength(1);
    expect(run.effects.deadLetters.map(({ errorCode }) => errorCode)).toEqual(['id_conflict', 'id_conflict']);
  });

  it('skips an event whose id may have been forgotten, and says so', async () => {
    const { run, asked } = await through([item('e1')], ['taken'], writtenAt);
    expect(run.taken).toEqual([]);
    expect(asked.map(({ outcome }) => outcome)).toEqual(['skipped']);
    expect(run.effects.activity).toMatchObject([{ outcome: 'skipped', note: FORGOTTEN_NOTE }]);
  });

  it('takes one that was written after everything that was forgotten', async () => {
    const { run } = await through([item('e1')], ['taken'], new Date(writtenAt.getTime() - 1));
    expect(run.taken).toHaveLength(1);
  });
});
