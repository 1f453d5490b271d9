import { HttpReceiver } from '@signalbox/test-kit';
import type { Step } from '../plan-step.js';
import { callHook } from './call-hook.js';

let receiver: HttpReceiver;
beforeEach(async () => {
  receiver = await HttpReceiver.start(() => ({ status: 200, body: '{"restarted":\ntrue}' }));
});
afterEach(() => receiver.close());

const step = (changes: object = {}): Extract<Step, { kind: 'http' }> => ({
  kind: 'http',
  url: `${receiver.origin}/control/restart`,
  method: 'POST',
  headers: { 'x-key': 'k' },
  body: 'please',
  isPrivate: true,
  isIdempotent: true,
  timeoutMs: 5_000,
  ...changes,
});
const signal = (): AbortSignal => AbortSignal.timeout(10_000);

it('calls the URL as the entry says and quotes the answer in one line', async () => {
  await expect(callHook(step(), signal())).resolves.toBe(
    `127.0.0.1:${receiver.port} answered 200: {"restarted": true}`,
  );
  const [request] = receiver.requests.all;
  expect(request).toMatchObject({ method: 'POST', path: '/control/restart' });
  expect(request?.headers['x-key']).toBe('k');
  expect(request?.body.toString()).toBe('please');
});

it('calls no private address unless the entry is marked so', async () => {
  await expect(callHook(step({ isPrivate: false }), signal())).rejects.toMatchObject({
    code: 'outbound_blocked',
  });
  expect(receiver.requests.all).toEqual([]);
});

it.each([
  [404, 'outbound_refused'],
  [302, 'outbound_refused'],
  [503, 'outbound_failed'],
])('judges %i', async (status, code) => {
  receiver.answerNext({ status });
  await expect(callHook(step(), signal())).rejects.toMatchObject({ code });
});

it.each([
  [true, 'outbound_failed'],
  [false, 'outcome_unknown'],
])('after a lost answer, idempotent %s means %s', async (isIdempotent, code) => {
  receiver.hangNext();
  await expect(callHook(step({ isIdempotent, timeoutMs: 1_500 }), signal())).rejects.toMatchObject({ code });
});
