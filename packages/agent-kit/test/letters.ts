import { emailRequested, encodeEvent, type EventEnvelope } from '@signalbox/contracts';
import type { AnyHandler } from '../src/handlers.js';
import type { StoredLetter } from '../src/operate/operator-store.js';
import { createRegistry } from '../src/registry.js';
import { agent, counter, onSignUp, signUp } from './agent.js';

const count: AnyHandler = { ...onSignUp, name: 'count', ordering: 'none' };
const remind: AnyHandler = {
  kind: 'timer',
  name: 'remindThem',
  timer: 'remind',
  state: counter,
  fire: () => [],
};
const send: AnyHandler = {
  kind: 'perform',
  name: 'send',
  contract: emailRequested,
  destination: () => 'smtp',
  unknownOutcome: 'ask',
  perform: () => Promise.resolve([]),
  giveUp: () => [],
};
/** An agent with a handler of each kind, and one that keeps no order. */
export const registry = createRegistry({ ...agent, handlers: [onSignUp, count, remind, send] });

export const recordOf = (event: EventEnvelope, topic = event.event_type): StoredLetter['record'] => ({
  topic,
  partition: 0,
  offset: 7n,
  timestampMs: 0,
  key: Buffer.from('usr-1'),
  value: encodeEvent(event).value,
  headers: {},
});

/** An open dead letter of handler `greet`. */
export function letter(change: Partial<StoredLetter> = {}): StoredLetter {
  return {
    id: 1n,
    sequence: 42n,
    status: 'open',
    handler: 'greet',
    key: { kind: 'counter', value: 'usr-1' },
    source: 'auth',
    eventId: 'evt-1',
    eventType: signUp.event_type,
    correlationId: 'story-1',
    errorCode: 'handler_failed',
    errorMessage: 'it failed',
    fingerprint: 'f',
    attempts: 6,
    redrives: 0,
    firstFailedAt: new Date(0),
    lastFailedAt: new Date(0),
    codeVersion: 'test',
    record: recordOf(signUp),
    edits: 0,
    edit: null,
    settled: null,
    createdAt: new Date(0),
    ...change,
  };
}

/** The same, edited by ann. */
export const edited = (event: object, change: Partial<StoredLetter> = {}): StoredLetter =>
  letter({
    edits: 1,
    edit: { value: Buffer.from(JSON.stringify(event)), by: 'ann', at: new Date(0) },
    ...change,
  });

/** A record as the dead letter of a firing holds it. */
export const firingRecord = (name = 'remind'): StoredLetter['record'] => ({
  ...recordOf(signUp, `timer:${name}`),
  value: Buffer.from(
    JSON.stringify({
      name,
      payload: { n: 1 },
      setBy: { source: 'auth', eventId: 'evt-1', correlationId: 'story-1', hops: 0 },
    }),
  ),
});
