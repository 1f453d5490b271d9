import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerMs, hangingDestination, type Call } from './calls.js';
import type { AskReceived, Received, ReceiversReady } from './receivers-protocol.js';

/** Every destination of the `connector` bench, in a process of its own: all answer after 50 ms but one, which never does. */
let ids: string[] = [];
let startDelaysMs: number[] = [];

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const arrivedMs = Date.now();
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  if (request.url === `/${hangingDestination}`) return;
  const { id, sentMs } = JSON.parse(Buffer.concat(chunks).toString()) as Call;
  setTimeout(() => {
    ids.push(id);
    startDelaysMs.push(arrivedMs - sentMs);
    response.writeHead(204).end();
  }, answerMs);
}

const server = createServer((request, response) => {
  answer(request, response).catch(() => response.destroy()); // the caller has hung up
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  const ready: ReceiversReady = { kind: 'ready', url: `http://127.0.0.1:${port}` };
  process.send?.(ready);
});
process.on('message', (message: AskReceived) => {
  if (message.kind !== 'received?') return;
  const received: Received = { kind: 'received', ids, startDelaysMs };
  ids = [];
  startDelaysMs = [];
  process.send?.(received);
});
process.once('SIGTERM', () => process.exit(0));
