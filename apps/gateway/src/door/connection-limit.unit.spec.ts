import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { ConnectionLimit } from './connection-limit.js';

let server: Server;
let limit: ConnectionLimit;
const sockets: Socket[] = [];

async function open(isExempt = false): Promise<void> {
  limit = new ConnectionLimit(2, () => isExempt);
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    if (limit.admit(socket)) socket.write('in');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server.close();
  await once(server, 'close');
});

/** Whether a new connection was let in. */
async function knock(): Promise<boolean> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  return new Promise((resolve) => {
    socket.once('data', () => resolve(true));
    socket.once('close', () => resolve(false));
  });
}

describe('ConnectionLimit', () => {
  it('ends connections of an address that has as many as it may, and lets it in again later', async () => {
    await open();
    expect([await knock(), await knock(), await knock()]).toEqual([true, true, false]);
    const [first] = sockets as [Socket];
    first.destroy();
    // The server learns of the end in a turn of its own.
    while (!(await knock())) continue;
    expect(await knock()).toBe(false);
  });

  it('forgets an address that has none', async () => {
    await open();
    await knock();
    expect(limit.size).toBe(1);
    for (const socket of sockets.splice(0)) socket.destroy();
    await new Promise<void>((resolve) => {
      const look = (): void => (limit.size === 0 ? resolve() : void setImmediate(look));
      look();
    });
  });

  it('does not count who stands for many', async () => {
    await open(true);
    expect([await knock(), await knock(), await knock()]).toEqual([true, true, true]);
    expect(limit.size).toBe(0);
  });
});
