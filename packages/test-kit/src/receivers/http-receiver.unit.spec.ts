import { HttpReceiver } from './http-receiver.js';

let receiver: HttpReceiver;
beforeEach(async () => {
  receiver = await HttpReceiver.start(() => ({ status: 200, body: 'usual' }));
});
afterEach(() => receiver.close());

const post = (signal?: AbortSignal): Promise<Response> =>
  fetch(`${receiver.origin}/a?b=1`, { method: 'POST', body: 'hello', signal: signal ?? null });

it('answers as usual and records the request', async () => {
  expect(await (await post()).text()).toBe('usual');
  const [request] = await receiver.requests.waitFor(1);
  expect(request).toMatchObject({ method: 'POST', path: '/a?b=1', status: 200 });
  expect(request?.body.toString()).toBe('hello');
});

it('answers as told, then as usual again', async () => {
  receiver.answerNext({ status: 429, headers: { 'retry-after': '2' } }, 2);
  const answers = [await post(), await post(), await post()];
  expect(answers.map(({ status }) => status)).toEqual([429, 429, 200]);
  expect(answers[0]?.headers.get('retry-after')).toBe('2');
});

it('hangs when told to, and records that it did', async () => {
  receiver.hangNext();
  const abort = new AbortController();
  const call = post(abort.signal);
  const [request] = await receiver.requests.waitFor(1);
  expect(request?.status).toBe(0);
  abort.abort();
  await expect(call).rejects.toThrow();
});

it('cuts the connection when told to', async () => {
  receiver.cutNext();
  await expect(post()).rejects.toThrow();
  expect(receiver.requests.all).toHaveLength(1);
});

it('forgets what came and what was planned', async () => {
  receiver.hangNext();
  receiver.reset();
  expect((await post()).status).toBe(200);
  receiver.reset();
  expect(receiver.requests.all).toEqual([]);
});
