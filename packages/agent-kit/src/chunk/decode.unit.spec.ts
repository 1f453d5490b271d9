import { encodeEvent, type EventEnvelope } from '@signalbox/contracts';
import { FatalError } from '@signalbox/errors';
import { agent, onSignUp, signUp } from '../../test/agent.js';
import type { AgentDefinition, DecideHandler } from '../handlers.js';
import type { IncomingRecord } from '../ports/records.js';
import { createRegistry } from '../registry.js';
import { decodeRecord } from './decode.js';

function recordOf(event: EventEnvelope): IncomingRecord {
  const { value, headers } = encodeEvent(event, { key: 'usr-5678' });
  const bytes = Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)]));
  return { offset: 7n, timestampMs: 0, key: Buffer.from('usr-5678'), value, headers: bytes };
}
const decode = (record: IncomingRecord, change: Partial<DecideHandler> = {}) => {
  const definition: AgentDefinition = { ...agent, handlers: [{ ...onSignUp, ...change }] };
  return decodeRecord(createRegistry(definition), 'user.signed_up', record);
};
const codeOf = (item: ReturnType<typeof decode>): unknown =>
  item.kind === 'poison' ? item.error.code : 'event';

describe('decodeRecord', () => {
  it('names the state key from the data: the key field, or what the handler says', () => {
    expect(decode(recordOf(signUp))).toMatchObject({
      kind: 'event',
      units: [{ key: { kind: 'counter', value: 'usr-5678' } }],
    });
    expect(decode(recordOf(signUp), { key: ({ data }) => (data as { email: string }).email })).toMatchObject({
      units: [{ key: { kind: 'counter', value: 'jane.doe@example.com' } }],
    });
  });

  it('knows a resend by its id, and another content by its fingerprint', () => {
    const again = decode(recordOf({ ...signUp, timestamp: '2026-04-09T00:00:00Z' }));
    const other = decode(recordOf({ ...signUp, data: { ...signUp.data, plan: 'other' } }));
    const first = decode(recordOf(signUp));
    if (first.kind !== 'event' || again.kind !== 'event' || other.kind !== 'event')
      throw new TypeError('unreadable');
    expect([again.identity, again.fingerprint]).toEqual([first.identity, first.fingerprint]);
    expect(other.identity).toEqual(first.identity);
    expect(other.fingerprint).not.toEqual(first.fingerprint);
  });

  const long = 'x'.repeat(256);
  it.each<[string, string, IncomingRecord, Partial<DecideHandler>]>([
    ['bytes that are no JSON', 'envelope_malformed', { ...recordOf(signUp), value: Buffer.from('{') }, {}],
    ['a tombstone', 'envelope_malformed', { ...recordOf(signUp), value: null }, {}],
    [
      'a type that is not of this topic',
      'event_type_unknown',
      recordOf({ ...signUp, event_type: 'lead.qualified' }),
      {},
    ],
    [
      'data against its contract',
      'event_invalid',
      recordOf({ ...signUp, data: { ...signUp.data, plan: 7 } as never }),
      {},
    ],
    ['a loop', 'hops_exceeded', recordOf({ ...signUp, metadata: { ...signUp.metadata, hops: 32 } }), {}],
    ['a key that is too long', 'handler_fatal', recordOf(signUp), { key: () => long }],
    ['an empty key', 'handler_fatal', recordOf(signUp), { key: () => '' }],
    ['a key with a line break', 'handler_fatal', recordOf(signUp), { key: () => 'a\nb' }],
    [
      'too many reads',
      'handler_fatal',
      recordOf(signUp),
      { reads: () => Array.from({ length: 101 }, () => ({ kind: 'counter', value: 'a' })) },
    ],
    [
      'a key function with a bug',
      'handler_failed',
      recordOf(signUp),
      { key: () => (undefined as unknown as string).trim() },
    ],
    [
      'a key function that refuses',
      'handler_fatal',
      recordOf(signUp),
      {
        key: () => {
          throw new FatalError('no');
        },
      },
    ],
  ])('makes poison of %s instead of throwing', (_what, code, record, change) => {
    expect(codeOf(decode(record, change))).toBe(code);
  });
});
