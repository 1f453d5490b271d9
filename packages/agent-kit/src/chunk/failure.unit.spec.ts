import { FatalError, RetryAfterError, SignalboxError } from '@signalbox/errors';
import { defaultRetryPolicy, type RetryPolicy } from '../handlers.js';
import type { RawRecord } from '../ports/store.js';
import { NEWER_RETRY_MS, planFailure, wakeUpRecord, workHandle, type FailurePlan } from './failure.js';
import { NewerStateError } from './key-cells.js';

const now = new Date('2026-04-05T12:00:00.000Z');
const later = (ms: number): Date => new Date(now.getTime() + ms);
const MINUTE_MS = 60_000;

describe('planFailure', () => {
  const plain = new Error('no');
  const short: RetryPolicy = { delaysMs: [100], afterDeadLetter: 'go-on' };

  it.each<[string, unknown, RetryPolicy, number, number, number, string | undefined]>([
    ['a first failure', plain, defaultRetryPolicy, 0, 5_000, 1, '5s'],
    ['a second failure', plain, defaultRetryPolicy, 1, MINUTE_MS, 2, '1m'],
    ['a third failure', plain, defaultRetryPolicy, 2, 10 * MINUTE_MS, 3, '10m'],
    ['a delay no retry topic has', plain, defaultRetryPolicy, 3, 60 * MINUTE_MS, 4, undefined],
    ['a delay of the handler’s own', plain, short, 0, 100, 1, undefined],
    ['a text that was thrown', 'no', short, 0, 100, 1, undefined],
    [
      'a receiver that asks for more time',
      new RetryAfterError('busy', 7_000),
      defaultRetryPolicy,
      0,
      7_000,
      1,
      undefined,
    ],
    ['a receiver that asks for less', new RetryAfterError('busy', 10), defaultRetryPolicy, 0, 5_000, 1, '5s'],
    [
      'state of newer code, which does not count',
      new NewerStateError({ kind: 'k', value: 'v' }, 2, 1),
      short,
      1,
      NEWER_RETRY_MS,
      1,
      undefined,
    ],
    [
      'an event of newer code, which does not count',
      new SignalboxError('event_newer', 'v2'),
      short,
      1,
      NEWER_RETRY_MS,
      1,
      undefined,
    ],
  ])('tries again after %s', (_what, thrown, policy, failures, afterMs, attempts, delay) => {
    const plan = planFailure(thrown, policy, failures, now);
    const lateMs = delay === undefined ? 0 : MINUTE_MS;
    expect(plan).toEqual({
      kind: 'again',
      dueAt: later(afterMs),
      claimAt: later(afterMs + lateMs),
      attempts,
      ...(delay === undefined ? {} : { delay }),
    });
  });

  it.each<[string, unknown, RetryPolicy, number]>([
    ['what can never be handled', new FatalError('no'), defaultRetryPolicy, 0],
    ['a refusal by a contract', new SignalboxError('output_invalid', 'no'), defaultRetryPolicy, 0],
    ['the last failure', plain, defaultRetryPolicy, 5],
    ['the first one, when none is to be tried again', plain, { ...short, delaysMs: [] }, 0],
  ])('makes a dead letter of %s', (_what, thrown, policy, failures) => {
    expect(planFailure(thrown, policy, failures, now)).toEqual({ kind: 'dead_letter' });
  });
});

describe('workHandle', () => {
  it('is the same for the same work, and another for anything else', () => {
    const handle = workHandle('ops', 'open', 'monitor', 'e1');
    expect(workHandle('ops', 'open', 'monitor', 'e1')).toBe(handle);
    const others = [
      workHandle('welcome', 'open', 'monitor', 'e1'),
      workHandle('ops', 'close', 'monitor', 'e1'),
      workHandle('ops', 'open', 'shop', 'e1'),
      workHandle('ops', 'open', 'monitor', 'e2'),
    ];
    expect(new Set([handle, ...others]).size).toBe(5);
    expect(handle).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });
});

describe('wakeUpRecord', () => {
  const record: RawRecord = {
    topic: 'service_down',
    partition: 3,
    offset: 41n,
    timestampMs: 1_000,
    key: Buffer.from('k'),
    value: Buffer.from('as it came'),
    headers: { traceparent: Buffer.from('00-1') },
  };
  const plan = (delay?: '5s'): Extract<FailurePlan, { kind: 'again' }> => ({
    kind: 'again',
    dueAt: later(5_000),
    claimAt: later(65_000),
    attempts: 2,
    ...(delay ? { delay } : {}),
  });

  it('carries the original as it came, and names the work it wakes up', () => {
    const [woken, ...more] = wakeUpRecord('ops', 'open', 'h-1', record, plan('5s'), new Error('no'));
    expect(more).toEqual([]);
    expect(woken?.topic).toBe('ops.retry.5s');
    expect(woken?.record).toEqual({
      key: record.key,
      value: record.value,
      headers: {
        traceparent: Buffer.from('00-1'),
        'sb-pending-id': 'h-1',
        'sb-attempt': '2',
        'sb-due-at': '2026-04-05T12:00:05.000Z',
        'sb-agent': 'ops',
        'sb-handler': 'open',
        'sb-error-message': 'Error: no',
        'sb-original-topic': 'service_down',
        'sb-original-partition': '3',
        'sb-original-offset': '41',
        'sb-original-timestamp': '1000',
      },
    });
  });

  it('has a key also where the original has none, and is left out without a retry topic', () => {
    const keyless = { ...record, key: null };
    expect(wakeUpRecord('ops', 'open', 'h', keyless, plan('5s'), 'no')[0]?.record.key).toEqual(
      Buffer.from('service_down'),
    );
    expect(wakeUpRecord('ops', 'open', 'h', record, plan(), 'no')).toEqual([]);
  });
});
