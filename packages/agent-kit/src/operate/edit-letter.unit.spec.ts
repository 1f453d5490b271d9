import { decodeEvent } from '@signalbox/contracts';
import { agent, counter, signUp } from '../../test/agent.js';
import { edited, firingRecord, letter, recordOf, registry } from '../../test/letters.js';
import { decodeRecord } from '../chunk/decode.js';
import type { PendingRow } from '../ports/store.js';
import { droppedLetter } from './dropped-letter.js';
import { editLetter, editedRecord, recordOfEvent, renamedEvent } from './edit-letter.js';

describe('an edited dead letter', () => {
  const read = (record = letter().record) => {
    const item = decodeRecord(registry, record.topic, record);
    if (item.kind === 'poison') throw item.error;
    return item;
  };

  it('keeps the whole event but its data when data is given', () => {
    const data = { ...signUp.data, plan: 'pro' };
    expect(JSON.parse(editLetter(letter(), { data }, registry).value.toString())).toEqual({
      ...signUp,
      data,
    });
  });

  it('shows nothing as changed when nothing is', () => {
    expect(editLetter(letter(), { data: signUp.data }, registry).changes).toEqual([]);
  });

  it('may change the whole event, but not into one its topic does not carry', () => {
    const envelope = { ...signUp, metadata: { ...signUp.metadata, correlation_id: 'other' } };
    expect(editLetter(letter(), { envelope }, registry).changes).toMatchObject([
      { pointer: '/metadata/correlation_id', after: 'other' },
    ]);
    const other = { ...signUp, event_type: 'service_down' };
    expect(() => editLetter(letter(), { envelope: other }, registry)).toThrow(
      expect.objectContaining({ code: 'event_type_unknown' }) as Error,
    );
  });

  it('shows what was JSON but no event beside its edit, and nothing of what was neither', () => {
    const broken = (value: string) => letter({ record: { ...letter().record, value: Buffer.from(value) } });
    const changesOf = (value: string) => editLetter(broken(value), { envelope: signUp }, registry).changes;
    expect(changesOf('{"event_id":"evt-1"}').map(({ pointer }) => pointer)).not.toContain('/event_id');
    expect(changesOf('{"event_id":"evt-1"}').map(({ pointer }) => pointer)).toContain('/data');
    expect(changesOf('{')).toEqual([{ pointer: '', after: signUp }]);
  });

  it('is read in our own form, whatever headers the old record had', () => {
    const record = {
      ...letter().record,
      headers: { 'content-type': Buffer.from('application/cloudevents+json') },
    };
    const { value } = editLetter(letter({ record }), { envelope: signUp }, registry);
    expect(decodeEvent(editedRecord(record, value))).toMatchObject({ event_id: 'evt-1' });
    expect(editedRecord(record, value)).toMatchObject({
      topic: record.topic,
      offset: record.offset,
      headers: {},
    });
  });

  it.each([
    ['evt-1', 1, 'evt-1~e1'],
    ['evt-1~e1', 2, 'evt-1~e2'],
    ['evt-1~e12', 13, 'evt-1~e13'],
    ['a~e1~e2', 3, 'a~e1~e3'],
    ['x'.repeat(255), 50, `${'x'.repeat(240)}~e50`],
  ])('%s, edited for the %i. time, is event %s', (eventId, n, id) => {
    expect(renamedEvent(letter({ eventId }), read(), n)).toMatchObject({
      event_id: id,
      metadata: { causation_id: eventId, correlation_id: 'story-1', source_service: 'auth' },
    });
  });

  it('names its editor, where it has one, and the id in its record where the letter has none', () => {
    const [plain, byAnn] = [letter({ eventId: null }), edited(signUp)].map((one) =>
      renamedEvent(one, read(), 1),
    );
    expect(plain?.metadata).not.toHaveProperty('edited_by');
    expect(plain).toMatchObject({ event_id: 'evt-1~e1', metadata: { causation_id: 'evt-1' } });
    expect(byAnn?.metadata).toMatchObject({ edited_by: 'ann' });
  });

  it('is a record in the place of the old one, under its own key, that can be read again', () => {
    const record = recordOfEvent({ ...signUp, event_id: 'evt-1~e1' }, 'usr-9', letter().record);
    expect(record).toMatchObject({ topic: letter().record.topic, offset: 7n, key: Buffer.from('usr-9') });
    expect(Object.values(record.headers).every((value) => Buffer.isBuffer(value))).toBe(true);
    expect(read(record).event.event_id).toBe('evt-1~e1');
  });
});

describe('a row a person drops from its queue', () => {
  const now = new Date('2026-04-05T12:00:00Z');
  const row: PendingRow = {
    id: 7n,
    sequence: 42n,
    kind: 'parked',
    handle: 'h',
    isOrdered: true,
    isQueued: false,
    handler: 'greet',
    key: counter.key('usr-1'),
    source: 'auth',
    eventId: 'evt-1',
    starts: 0,
    attempts: 3,
    dueAt: now,
    firstFailedAt: new Date('2026-04-05T11:00:00Z'),
    redrives: 2,
    lease: { id: 7n, token: '' },
    record: recordOf(signUp),
    timer: null,
    destination: null,
  };
  const dropped = (change: Partial<PendingRow> = {}) => droppedLetter({ ...row, ...change }, agent, now);

  it('is kept as a dead letter that can be redriven to its place', () => {
    expect(dropped()).toMatchObject({
      errorCode: 'event_dropped',
      handler: 'greet',
      key: row.key,
      source: 'auth',
      eventId: 'evt-1',
      eventType: signUp.event_type,
      correlationId: 'story-1',
      attempts: 3,
      sequence: 42n,
      redrives: 2,
      firstFailedAt: row.firstFailedAt,
      lastFailedAt: now,
      record: row.record,
      codeVersion: 'test',
    });
  });

  it('counts as tried once when it never ran', () => {
    expect(dropped({ attempts: 0, firstFailedAt: null })).toMatchObject({ attempts: 1, firstFailedAt: now });
  });

  it('keeps its raw bytes when it cannot be read', () => {
    const record = { ...recordOf(signUp), value: Buffer.from([255, 0]) };
    expect(dropped({ record })).toMatchObject({ eventId: null, eventType: null, record });
  });

  it('is a firing by the name of its timer, as a record that arms it again', () => {
    const timer = JSON.parse(firingRecord().value?.toString() ?? '') as NonNullable<PendingRow['timer']>;
    const letterOfIt = dropped({ kind: 'timer', handler: '', record: null, timer });
    expect(letterOfIt).toMatchObject({
      handler: 'remind',
      eventId: null,
      record: { topic: 'timer:remind', offset: 7n },
    });
    expect(JSON.parse(letterOfIt.record.value?.toString() ?? '')).toEqual(timer);
  });
});
