import { createServer } from 'node:http';
import { connect } from 'node:net';
import { closeServer, listen, readJson, sendJson, serve } from './http.js';

const close: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of close.splice(0)) await end();
});

async function start(handle: Parameters<typeof serve>[0]): Promise<{ url: string; port: number }> {
  const server = serve(handle);
  const port = await listen(server, 0, '127.0.0.1');
  close.push(() => closeServer(server));
  return { url: `http://127.0.0.1:${port}/`, port };
}
const post = (url: string, body: string): Promise<Response> => fetch(url, { method: 'POST', body });

it('reads JSON and answers with JSON', async () => {
  const { url } = await start(async (request, response) => sendJson(response, 201, await readJson(request)));
  const answer = await post(url, '{"a":[1]}');
  expect(answer.status).toBe(201);
  expect(answer.headers.get('content-type')).toBe('application/json');
  expect(await answer.json()).toEqual({ a: [1] });
});

it.each([
  ['what is no JSON', '{'],
  ['a body larger than 64 KiB', JSON.stringify('x'.repeat(65_536))],
  ['an empty body', ''],
])('reads nothing from %s', async (_what, body) => {
  const { url } = await start(async (request, response) =>
    sendJson(response, 200, { nothing: (await readJson(request)) === undefined }),
  );
  expect(await (await post(url, body)).json()).toEqual({ nothing: true });
});

it('reads nothing from a sender that goes away', async () => {
  let read: (body: unknown) => void = () => undefined;
  const body = new Promise((resolve) => (read = resolve));
  const { port } = await start(async (request) => read(await readJson(request)));
  const socket = connect(port, '127.0.0.1');
  socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n{"a"', () => socket.destroy());
  expect(await body).toBeUndefined();
});

it('answers 500 when a handler throws', async () => {
  const { url } = await start(() => Promise.reject(new Error('out of order')));
  const answer = await fetch(url);
  expect(answer.status).toBe(500);
  expect(await answer.json()).toEqual({ code: 'internal', detail: 'out of order' });
});

it('cuts the connection when a handler throws in the middle of its answer', async () => {
  const { url } = await start((_request, response) => {
    response.writeHead(200, { 'content-length': '10' }).write('part');
    return Promise.reject(new Error('out of order'));
  });
  await expect(fetch(url).then((answer) => answer.text())).rejects.toThrow();
});

it('does not listen on a port that is taken', async () => {
  const { port } = await start(() => Promise.resolve());
  await expect(listen(createServer(), port, '127.0.0.1')).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
