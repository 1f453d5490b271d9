import { RetryAfterError } from '@signalbox/errors';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, type Socket, createServer as createTcpServer } from 'node:net';
import { createOutboundHttp, type OutboundHttp, type OutboundHttpOptions } from './outbound-http.js';

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function listen(handler: RequestListener): Promise<{ port: number; server: Server }> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return { port: (server.address() as AddressInfo).port, server };
}

function outbound(options: OutboundHttpOptions = {}): OutboundHttp {
  const http = createOutboundHttp({ allowPrivate: ['127.0.0.0/8'], ...options });
  open.push(() => http.close());
  return http;
}

it('sends method, headers and body and returns the answer', async () => {
  const seen: unknown[] = [];
  const { port } = await listen((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      seen.push([request.method, request.headers['x-key'], Buffer.concat(parts).toString()]);
      response.writeHead(202, { 'x-answer': 'yes' }).end('taken');
    });
  });
  const answer = await outbound().request({
    url: `http://127.0.0.1:${port}/hook`,
    headers: { 'x-key': '1' },
    body: 'hello',
  });
  expect(seen).toEqual([['POST', '1', 'hello']]);
  expect(answer).toMatchObject({ status: 202, truncated: false });
  expect(answer.headers['x-answer']).toBe('yes');
  expect(answer.body.toString()).toBe('taken');
});

it('does not follow a redirect', async () => {
  let calls = 0;
  const { port } = await listen((_request, response) => {
    calls += 1;
    response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
  });
  await expect(outbound().request({ url: `http://127.0.0.1:${port}/` })).rejects.toMatchObject({
    code: 'outbound_refused',
  });
  expect(calls).toBe(1);
});

it('reads no more of an answer than the cap', async () => {
  const { port } = await listen((_request, response) => {
    const pump = (): void => {
      while (response.write(Buffer.alloc(16_384, 'x')));
      response.once('drain', pump);
    };
    pump();
  });
  const answer = await outbound().request({ url: `http://127.0.0.1:${port}/`, method: 'GET' });
  expect(answer.truncated).toBe(true);
  expect(answer.body).toHaveLength(65_536);
});

it('carries the wait the receiver asks for', async () => {
  const { port } = await listen((_request, response) =>
    response.writeHead(429, { 'retry-after': '3' }).end(),
  );
  const call = outbound().request({ url: `http://127.0.0.1:${port}/` });
  await expect(call).rejects.toBeInstanceOf(RetryAfterError);
  await expect(call).rejects.toMatchObject({ afterMs: 3_000, code: 'outbound_failed' });
});

describe('a receiver that does not answer', () => {
  const silent: RequestListener = () => undefined;

  it('is tried again when the call is idempotent', async () => {
    const { port } = await listen(silent);
    const call = outbound({ headersTimeoutMs: 50 }).request({
      url: `http://127.0.0.1:${port}/`,
      idempotent: true,
    });
    await expect(call).rejects.toMatchObject({ code: 'outbound_failed', retryable: true });
  });

  it('leaves the outcome unknown when the call is not', async () => {
    const { port } = await listen(silent);
    const call = outbound().request({ url: `http://127.0.0.1:${port}/`, deadlineMs: 1_500 });
    await expect(call).rejects.toMatchObject({ code: 'outcome_unknown', retryable: false });
  });

  it('is left when the signal aborts', async () => {
    const abort = new AbortController();
    const { port } = await listen(() => abort.abort());
    const call = outbound().request({
      url: `http://127.0.0.1:${port}/`,
      signal: abort.signal,
      idempotent: true,
    });
    await expect(call).rejects.toMatchObject({ code: 'outbound_failed' });
  });

  it('is left when its body stops in the middle', async () => {
    const { port } = await listen((_request, response) => response.writeHead(200).write('part'));
    const call = outbound({ bodyTimeoutMs: 50 }).request({
      url: `http://127.0.0.1:${port}/`,
      idempotent: true,
    });
    await expect(call).rejects.toMatchObject({ code: 'outbound_failed' });
  });
});

it('tries again when nobody listens, idempotent or not', async () => {
  const { port, server } = await listen(() => undefined);
  await new Promise((resolve) => server.close(resolve));
  await expect(outbound().request({ url: `http://127.0.0.1:${port}/` })).rejects.toMatchObject({
    code: 'outbound_failed',
  });
});

it('tries again when a TLS handshake fails: no request was sent', async () => {
  const server = createTcpServer((socket: Socket) =>
    socket.on('error', () => undefined).end('not TLS', () => socket.destroy()),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => new Promise((resolve) => server.close(() => resolve())));
  const call = outbound().request({ url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/` });
  await expect(call).rejects.toMatchObject({ code: 'outbound_failed' });
});

it('uses a connection of its own for each call that is not idempotent', async () => {
  const sockets = new Set<unknown>();
  const { port } = await listen((request, response) => {
    sockets.add(request.socket);
    response.end();
  });
  const http = outbound();
  const url = `http://127.0.0.1:${port}/`;
  for (let n = 0; n < 3; n += 1) await http.request({ url });
  expect(sockets.size).toBe(3);
  for (let n = 0; n < 6; n += 1) await http.request({ url, idempotent: true });
  expect(sockets.size).toBeLessThan(9);
});
