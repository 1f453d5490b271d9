import { SignalboxError } from '@signalbox/errors';
import { z } from 'zod';
import { sampleEnvelope } from '../../test/events.js';
import { defineContract } from '../contract.js';
import { serviceDown } from '../events/service-down.js';
import { userSignedUp } from '../events/user-signed-up.js';
import { checkData, checkEvent, checkFlat } from './check-event.js';

const event = (over: Record<string, unknown> = {}): ReturnType<typeof sampleEnvelope> =>
  sampleEnvelope({ data: { ...userSignedUp.example, ...over } });

function pointersOf(act: () => void): string[] {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(SignalboxError);
    expect(error).toMatchObject({ code: 'event_invalid' });
    return (error as SignalboxError).pointers.map(({ pointer, message }) => `${pointer} ${message}`);
  }
  return [];
}

describe('checkEvent', () => {
  it.each([undefined, null, 7, 'x', { schema_version: 'one' }])(
    'judges data also under metadata %j',
    (metadata) => {
      const broken = { ...event({ user_id: 7 }), metadata } as never;
      expect(pointersOf(() => checkEvent(userSignedUp, broken))).toEqual(['/data/user_id must be a string']);
    },
  );

  it('takes an event that fulfils its contract and leaves it as it is, unknown fields included', () => {
    const before = event({ referrer: 'newsletter', nested: { a: [1] } });
    const copy = structuredClone(before);
    checkEvent(userSignedUp, before);
    expect(before).toEqual(copy);
  });

  it('names every bad field in the envelope, and in the message how many there are', () => {
    const bad = event({ email: 'jane', plan: 7, user_id: undefined });
    expect(pointersOf(() => checkEvent(userSignedUp, bad))).toEqual([
      '/data/user_id is required',
      '/data/email must be an email address',
      '/data/plan must be a string',
    ]);
    expect(() => checkEvent(userSignedUp, bad)).toThrow(
      'user.signed_up does not fulfil its contract: /data/user_id is required (and 2 more).',
    );
  });

  it('never repeats a value: it may be secret', () => {
    expect(() => checkEvent(userSignedUp, event({ email: 'hunter2' }))).not.toThrow(/hunter2/);
    expect(pointersOf(() => checkEvent(userSignedUp, event({ email: 'hunter2' }))).join()).not.toContain(
      'hunter2',
    );
  });

  it('refuses an event of another type', () => {
    expect(pointersOf(() => checkEvent(serviceDown, event()))).toEqual(['/event_type must be service_down']);
  });

  it.each([null, [], 'text', 1])('refuses data %j', (data) => {
    expect(pointersOf(() => checkEvent(userSignedUp, sampleEnvelope({ data })))).toEqual([
      '/data must be an object',
    ]);
  });

  it('names at most 50 fields', () => {
    const many = defineContract({
      type: 'many.sent',
      owner: 'test',
      summary: 'Many numbers.',
      schema: z.looseObject({ id: z.string(), numbers: z.array(z.number()) }),
      keyField: 'id',
      example: { id: 'a', numbers: [] },
    });
    const data = { id: 'a', numbers: Array.from({ length: 1_000 }, () => 'x') };
    const pointers = pointersOf(() => checkEvent(many, sampleEnvelope({ event_type: 'many.sent', data })));
    expect(pointers).toHaveLength(50);
    expect(pointers[49]).toBe('/data/numbers/49 must be a number');
  });

  it('escapes pointer steps after RFC 6901', () => {
    const odd = defineContract({
      type: 'odd.sent',
      owner: 'test',
      summary: 'Odd names.',
      schema: z.looseObject({ id: z.string(), 'a/b~c': z.object({ n: z.int().max(9) }) }),
      keyField: 'id',
      example: { id: 'a', 'a/b~c': { n: 1 } },
    });
    expect(pointersOf(() => checkData(odd, { id: 'a', 'a/b~c': { n: 1.5 } }))).toEqual([
      '/a~1b~0c/n must be a whole number',
    ]);
    expect(pointersOf(() => checkData(odd, { id: 'a', 'a/b~c': { n: 10 } }))).toEqual([
      '/a~1b~0c/n must be at most 9',
    ]);
    expect(pointersOf(() => checkData(odd, { id: 'a', 'a/b~c': {} }))).toEqual(['/a~1b~0c/n is required']);
  });
});

describe('checkFlat', () => {
  it('points into the payload and asks for type and time as well', () => {
    const { event_type: _type, timestamp: _time, ...rest } = serviceDown.example;
    expect(pointersOf(() => checkFlat(serviceDown, rest))).toEqual([
      '/event_type is required',
      '/timestamp is required',
    ]);
    expect(pointersOf(() => checkData(serviceDown, rest))).toEqual([]);
  });

  it('refuses the payload of another event type', () => {
    expect(
      pointersOf(() => checkFlat(serviceDown, { ...serviceDown.example, event_type: 'disk_full' })),
    ).toEqual(['/event_type must be service_down']);
  });

  it('is the data schema where an event type has no flat form', () => {
    expect(pointersOf(() => checkFlat(userSignedUp, userSignedUp.example))).toEqual([]);
    expect(pointersOf(() => checkFlat(userSignedUp, {})).length).toBe(4);
  });
});
