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

it('listens on the port it is given and says so when that is taken', async () => {
  await expect(HttpReceiver.start(() => ({ status: 200 }), receiver.port)).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
  const { port } = receiver;
  await receiver.close();
  receiver = await HttpReceiver.start(() => ({ status: 204 }), port);
  expect((await post()).status).toBe(204);
});

it('gives the usual answer what it needs to decide', async () => {
  await receiver.close();
  receiver = await HttpReceiver.start(({ method, path, headers, body }) => ({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([method, path, headers['x-key'], body.toString()]),
  }));
  const answer = await fetch(`${receiver.origin}/x`, { method: 'PUT', body: 'b', headers: { 'x-key': 'k' } });
  expect(await answer.json()).toEqual(['PUT', '/x', 'k', 'b']);
});

it('closes while requests hang', async () => {
  receiver.hangNext(Infinity);
  const calls = [post(), post(), post()].map((call) => call.catch((error: unknown) => error));
  await receiver.requests.waitFor(3);
  await receiver.close();
  for (const call of calls) expect(await call).toMatchObject({ message: 'fetch failed' });
  receiver = await HttpReceiver.start(() => ({ status: 200 }));
});

it('does not record a request whose sender goes away before its end', async () => {
  const abort = new AbortController();
  const endless = new ReadableStream({
    pull(controller) {
      controller.enqueue(Buffer.alloc(1_024));
      if (!abort.signal.aborted) abort.abort();
    },
  });
  const call = fetch(receiver.origin, {
    method: 'POST',
    body: endless,
    duplex: 'half',
    signal: abort.signal,
  } as RequestInit);
  await expect(call).rejects.toThrow();
  expect((await post()).status).toBe(200);
  expect(receiver.requests.all.map(({ path }) => path)).toEqual(['/a?b=1']);
});
