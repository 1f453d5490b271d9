import { alertRaised, decodeEvent, type DataOf } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import { agent, signUp } from '../../test/agent.js';
import type { DeadLetter } from '../ports/store.js';
import { deadLetterOf } from './dead-letters.js';
import type { OutgoingEvent } from './effects.js';
import { alertsOfNewFailures } from './new-failures.js';

const now = new Date('2026-04-05T12:00:00.000Z');
const record = {
  topic: 'user.signed_up',
  partition: 1,
  offset: 7n,
  timestampMs: 0,
  key: null,
  value: null,
  headers: {},
};
const letter = (thrown: unknown, isReadable = true): DeadLetter =>
  deadLetterOf(
    agent,
    {
      record,
      attempts: 1,
      firstFailedAt: now,
      now,
      ...(isReadable ? { event: signUp, handler: 'greet' } : {}),
    },
    thrown,
  );
/** A transaction in which only these fingerprints are new. */
const knowing = (isNew: (fingerprint: string) => boolean) => ({
  newFingerprints: (all: readonly string[]) => Promise.resolve(all.filter(isNew)),
});
const alerts = (letters: readonly DeadLetter[], isNew = (_fingerprint: string) => true, chunk = 3n) =>
  alertsOfNewFailures(knowing(isNew) as never, letters, { agent, instance: 'one' }, { chunk, now });
const read = ({ record: { value, headers } }: OutgoingEvent) => {
  const bytes = Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)]);
  const event = decodeEvent({ timestampMs: 0, value, headers: Object.fromEntries(bytes) as never });
  return { ...event, data: event.data as DataOf<typeof alertRaised> };
};

describe('alertsOfNewFailures', () => {
  it('raises one alert for each kind of failure and says how many there are', async () => {
    const raised = await alerts([
      letter(new Error('user 1')),
      letter(new TypeError('x')),
      letter(new Error('user 2')),
    ]);
    expect(raised.map((one) => one.topic)).toEqual([alertRaised.topic, alertRaised.topic]);
    expect(raised.map((one) => read(one).data)).toMatchObject([
      { message: 'Error: user 1', count: 2, handler: 'greet', first_event_id: 'evt-1', agent: 'greeter' },
      { message: 'TypeError: x', count: 1 },
    ]);
  });

  it('is silent about kinds of which a letter is open already, and asks nothing when there is none', async () => {
    const [known, fresh] = [letter(new Error('old')), letter(new Error('new'))];
    const raised = await alerts([known, fresh], (fingerprint) => fingerprint === fresh.fingerprint);
    expect(raised.map((one) => read(one).data.message)).toEqual(['Error: new']);
    const asked = { newFingerprints: () => Promise.reject(new Error('nothing to ask')) };
    expect(
      await alertsOfNewFailures(asked as never, [], { agent, instance: 'one' }, { chunk: 1n, now }),
    ).toEqual([]);
  });

  it('belongs to the story of the first event; without one it begins a story of its own', async () => {
    const [told] = (await alerts([letter(new Error('no'))])).map(read);
    expect(told?.metadata).toMatchObject({ correlation_id: 'story-1', causation_id: 'evt-1' });
    const [own] = (await alerts([letter(new SignalboxError('envelope_malformed', 'x'), false)])).map(read);
    expect(own?.metadata.correlation_id).toBe(own?.event_id);
    expect(own?.data).toMatchObject({ first_event_id: 'user.signed_up/1/7' });
    expect(own?.data).not.toHaveProperty('handler');
  });

  it.each([
    ['process_died', 'critical'],
    ['broker_refused', 'medium'],
    ['database_unavailable', 'high'],
    ['envelope_malformed', 'medium'],
  ] as const)('weighs %s as %s', async (code, severity) => {
    const [raised] = await alerts([letter(new SignalboxError(code, 'x'))]);
    expect(read(raised as OutgoingEvent).data.severity).toBe(severity);
  });

  it('has an id that a repeat of the publication keeps', async () => {
    const one = letter(new Error('no'));
    const id = async (chunk: bigint) =>
      (await alerts([one], undefined, chunk)).map((raised) => read(raised).event_id);
    expect(await id(3n)).toEqual(await id(3n));
    expect(await id(3n)).not.toEqual(await id(4n));
  });
});
