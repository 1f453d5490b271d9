import { encodeEvent, remediationRequested, type EventEnvelope } from '@signalbox/contracts';
import { FatalError, RetryAfterError, SignalboxError } from '@signalbox/errors';
import { VirtualClock } from '@signalbox/test-kit';
import { agent } from '../../test/agent.js';
import type { PendingRow } from '../ports/store.js';
import type { AnyPerform } from '../registry.js';
import { actStartOf, attempt, jobOf, STARTS_MAX, type ActResult } from './act.js';

const event: EventEnvelope = {
  event_id: 'request-1',
  event_type: remediationRequested.type,
  timestamp: '2026-04-05T12:00:00Z',
  data: remediationRequested.example,
  metadata: { source_service: 'ops', correlation_id: 'story', schema_version: 1 },
};
const row = (change: Partial<PendingRow> = {}): PendingRow => ({
  id: 7n,
  sequence: 1n,
  kind: 'job',
  handle: null,
  isOrdered: false,
  isQueued: false,
  handler: 'call',
  key: { kind: 'handler:call', value: 'x' },
  source: 'ops',
  eventId: 'request-1',
  starts: 1,
  attempts: 0,
  dueAt: new Date(0),
  firstFailedAt: null,
  redrives: 0,
  lease: { id: 7n, token: 'mine' },
  record: {
    topic: remediationRequested.topic,
    partition: 0,
    offset: 1n,
    timestampMs: 0,
    key: null,
    ...encodeEvent(event, { key: 'x' }),
    headers: {},
  },
  timer: null,
  destination: 'somewhere',
  ...change,
});

describe('an attempt of an outside act', () => {
  const clock = new VirtualClock(0);
  let handler: AnyPerform;
  let calls: number;
  const answers = (perform: AnyPerform['perform'], change: Partial<AnyPerform> = {}): void => {
    calls = 0;
    handler = {
      kind: 'perform',
      name: 'call',
      contract: remediationRequested,
      destination: () => 'somewhere',
      unknownOutcome: 'repeat',
      giveUp: () => [],
      ...change,
      perform: (...all) => {
        calls += 1;
        return perform(...all);
      },
    };
  };
  const failing = (error: unknown, change: Partial<AnyPerform> = {}): void =>
    answers(() => Promise.reject(error as Error), change);
  const run = (
    verdict: Parameters<typeof attempt>[1],
    change: Partial<PendingRow> = {},
    cut = new AbortController(),
  ): Promise<ActResult> =>
    attempt(jobOf(row(change), handler, agent.name), verdict, { clock } as never, cut.signal);

  it('is known to the ledger by a key that is the same over every attempt, and by its lease', () => {
    answers(() => Promise.resolve([]));
    const first = actStartOf(jobOf(row(), handler, agent.name));
    const third = actStartOf(
      jobOf(row({ attempts: 2, lease: { id: 7n, token: 'new' } }), handler, agent.name),
    );
    expect(third.idempotencyKey).toBe(first.idempotencyKey);
    expect([first.attempt, third.attempt, third.token]).toEqual([1, 3, 'new']);
    expect(() => jobOf(row({ record: null }), handler, agent.name)).toThrow('has no record');
  });

  it('is done when the handler says so', async () => {
    answers(() => Promise.resolve([]));
    expect(await run('started')).toEqual({ kind: 'done', outputs: [], answer: { kind: 'answered' } });
  });

  it('is not made when the job is another one’s, or the act is done', async () => {
    answers(() => Promise.resolve([]));
    expect(await run('lost')).toMatchObject({ kind: 'lost' });
    expect(await run('done')).toMatchObject({ kind: 'done', answer: { kind: 'none' } });
    expect(calls).toBe(0);
  });

  it('is made again after an unknown end where it may be, else a person is asked', async () => {
    answers(() => Promise.resolve([]));
    expect(await run('unknown')).toMatchObject({ kind: 'done' });
    expect(await run('unknown', { starts: STARTS_MAX + 1 })).toMatchObject({
      kind: 'given_up',
      error: { code: 'process_died' },
    });
    answers(() => Promise.resolve([]), { unknownOutcome: 'ask' });
    expect(await run('unknown')).toMatchObject({ kind: 'given_up', error: { code: 'outcome_unknown' } });
    answers(() => Promise.resolve([]), {
      unknownOutcome: () => {
        throw new Error('cannot tell');
      },
    });
    expect(await run('unknown')).toMatchObject({ kind: 'given_up', error: { code: 'outcome_unknown' } });
    expect(calls).toBe(0);
  });

  it.each([
    [new Error('busy'), 0, { kind: 'again', afterMs: 5_000, counts: true, answer: { kind: 'trouble' } }],
    [new Error('busy'), 2, { kind: 'again', afterMs: 600_000 }],
    [new Error('busy'), 5, { kind: 'given_up', answer: { kind: 'trouble' } }],
    [new FatalError('no'), 0, { kind: 'given_up', answer: { kind: 'answered' } }],
    [
      new RetryAfterError('later', 90_000, { code: 'outbound_failed' }),
      0,
      { kind: 'again', afterMs: 90_000, answer: { kind: 'later', afterMs: 90_000 } },
    ],
    [new RetryAfterError('later', 1, { code: 'outbound_failed' }), 0, { kind: 'again', afterMs: 5_000 }],
    [
      new RetryAfterError('later', 1e12, { code: 'outbound_failed' }),
      0,
      { kind: 'again', afterMs: 86_400_000 },
    ],
    [new SignalboxError('outbound_failed', 'x'), 0, { kind: 'again', answer: { kind: 'trouble' } }],
  ])('is judged by how it failed: %s after %i failures', async (error, attempts, wanted) => {
    failing(error);
    expect(await run('started', { attempts })).toMatchObject(wanted);
  });

  it('is given up with the handler’s own word for it, even when that fails', async () => {
    const told: unknown[] = [];
    failing(new FatalError('no'), {
      giveUp: (_event, failure) => {
        told.push(failure);
        return [];
      },
    });
    await run('started', { attempts: 1 });
    expect(told).toEqual([
      { errorCode: 'handler_fatal', reason: expect.stringContaining('no'), attempts: 2 },
    ]);
    failing(new FatalError('no'), {
      giveUp: () => {
        throw new Error('cannot say');
      },
    });
    expect(await run('started')).toMatchObject({ kind: 'given_up', outputs: [] });
  });

  it('that the end of the process broke off is made again elsewhere, unless a person must look', async () => {
    const cut = new AbortController();
    cut.abort();
    failing(new Error('broken off'));
    expect(await run('started', {}, cut)).toMatchObject({ kind: 'again', afterMs: 0, counts: false });
    failing(new Error('broken off'), { unknownOutcome: 'ask' });
    expect(await run('started', {}, cut)).toMatchObject({ error: { code: 'outcome_unknown' } });
    failing(new FatalError('the receiver refused'), { unknownOutcome: 'ask' });
    expect(await run('started', {}, cut)).toMatchObject({ error: { code: 'handler_fatal' } });
  });
});
