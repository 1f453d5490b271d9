import { decodeEvent, emailRequested } from '@signalbox/contracts';
import { signUp } from '../../test/agent.js';
import { edited, firingRecord, letter, recordOf, registry } from '../../test/letters.js';
import { workHandle } from '../chunk/failure.js';
import { editLetter } from './edit-letter.js';
import type { StoredLetter } from './operator-store.js';
import { planRedrive } from './plan-redrive.js';

const refusal = (message: RegExp) =>
  expect.objectContaining({
    code: 'redrive_refused',
    message: expect.stringMatching(message) as string,
  }) as Error;

describe('a redrive of an unedited dead letter', () => {
  it('keeps record, event id, handle and place, and goes to the handler that failed', () => {
    const { rows, inbox } = planRedrive(letter(), registry, 1);
    expect(inbox).toBeNull();
    expect(rows).toEqual([
      expect.objectContaining({
        kind: 'redrive',
        handler: 'greet',
        eventId: 'evt-1',
        source: 'auth',
        handle: workHandle('greeter', 'greet', 'auth', 'evt-1'),
        sequence: 42n,
        redrives: 1,
        isOrdered: true,
        record: letter().record,
      }),
    ]);
  });

  it('of a handler that keeps no order stands beside the queue', () => {
    expect(planRedrive(letter({ handler: 'count' }), registry, 1).rows).toMatchObject([{ isOrdered: false }]);
  });

  it('of a connector is a job again, with the same handle', () => {
    const event = { ...signUp, event_type: emailRequested.type, data: emailRequested.example };
    const { rows } = planRedrive(letter({ handler: 'send', record: recordOf(event) }), registry, 1);
    expect(rows).toMatchObject([
      { kind: 'job', destination: 'smtp', handle: workHandle('greeter', 'send', 'auth', 'evt-1') },
    ]);
  });

  it('of a firing arms the timer again under its name', () => {
    const record = firingRecord();
    const timer = JSON.parse(record.value?.toString() ?? '') as object;
    const { rows } = planRedrive(letter({ record, handler: 'remindThem' }), registry, 1);
    expect(rows).toMatchObject([{ kind: 'timer', record: null, timer, eventId: 'evt-1' }]);
  });

  it('that reached no handler and can be read by now goes to all of its type, once', () => {
    const { rows, inbox } = planRedrive(letter({ handler: null, errorCode: 'event_invalid' }), registry, 1);
    expect(rows.map(({ handler }) => handler)).toEqual(['greet', 'count']);
    expect(inbox).not.toBeNull();
  });

  it.each<[string, Partial<StoredLetter>, RegExp]>([
    ['was redriven five times', { redrives: 5 }, /5 times/],
    ['failed in a handler this code does not have', { handler: 'gone' }, /no handler 'gone'/],
    [
      'cannot be read',
      { handler: null, record: { ...letter().record, value: Buffer.from('{') } },
      /cannot be read/,
    ],
    ['is an output Kafka refused', { record: { ...letter().record, offset: -1n } }, /an output/],
    [
      'is a firing nobody handles',
      { record: { ...letter().record, topic: 'timer:x', value: null } },
      /timer:x/,
    ],
  ])('is refused when it %s', (_what, change, message) => {
    expect(() => planRedrive(letter(change), registry, 1)).toThrow(refusal(message));
  });
});

describe('a redrive under a new id', () => {
  it('names the old id as the cause and the editor', () => {
    const { rows, inbox } = planRedrive(
      edited({ ...signUp, data: { ...signUp.data, plan: 'other' } }),
      registry,
      3,
    );
    const [row] = rows;
    const event = decodeEvent(row?.record ?? letter().record);
    expect(event).toMatchObject({
      event_id: 'evt-1~e3',
      data: { plan: 'other' },
      metadata: {
        causation_id: 'evt-1',
        correlation_id: 'story-1',
        edited_by: 'ann',
        source_service: 'auth',
      },
    });
    expect(row?.eventId).toBe('evt-1~e3');
    expect(row?.handle).toBe(workHandle('greeter', 'greet', 'auth', 'evt-1~e3'));
    expect(inbox).not.toBeNull();
  });

  it('counts on instead of piling up', () => {
    const { rows } = planRedrive(edited(signUp, { eventId: 'evt-1~e1' }), registry, 2);
    expect(rows[0]?.eventId).toBe('evt-1~e2');
    expect(decodeEvent(rows[0]?.record ?? letter().record).metadata.causation_id).toBe('evt-1~e1');
  });

  it('follows an edit to another key', () => {
    const { rows } = planRedrive(
      edited({ ...signUp, data: { ...signUp.data, user_id: 'usr-2' } }),
      registry,
      1,
    );
    expect(rows[0]?.key).toEqual({ kind: 'counter', value: 'usr-2' });
  });

  it('is that of an id used twice, for all handlers', () => {
    const { rows } = planRedrive(letter({ handler: null, errorCode: 'id_conflict' }), registry, 1);
    expect(rows.map(({ handler, eventId }) => [handler, eventId])).toEqual([
      ['greet', 'evt-1~e1'],
      ['count', 'evt-1~e1'],
    ]);
  });
});

describe('an edit', () => {
  it('replaces the data and shows what changed', () => {
    const { value, changes } = editLetter(letter(), { data: { ...signUp.data, user_id: 'usr-9' } }, registry);
    expect(changes).toEqual([{ pointer: '/data/user_id', before: signUp.data.user_id, after: 'usr-9' }]);
    expect(JSON.parse(value.toString())).toMatchObject({ event_id: 'evt-1', data: { user_id: 'usr-9' } });
  });

  it('makes an event of what was none', () => {
    const unreadable = letter({
      handler: null,
      record: { ...letter().record, value: Buffer.from([255, 1]) },
    });
    expect(() => editLetter(unreadable, { data: {} }, registry)).toThrow(refusal(/no readable event/));
    const { changes } = editLetter(unreadable, { envelope: signUp }, registry);
    expect(changes).toEqual([{ pointer: '', after: signUp }]);
  });

  it('is refused when its result breaks the contract, or for a firing', () => {
    expect(() => editLetter(letter(), { data: { ...signUp.data, user_id: 5 } }, registry)).toThrow(
      expect.objectContaining({ code: 'event_invalid' }) as Error,
    );
    const firing = letter({ record: { ...letter().record, topic: 'timer:remind' } });
    expect(() => editLetter(firing, { data: {} }, registry)).toThrow(refusal(/firing/));
  });
});
