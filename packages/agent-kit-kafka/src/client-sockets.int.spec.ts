import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { ClientSockets } from './client-sockets.js';

let server: Server;
let accepted: Socket[];
let port: number;

beforeEach(async () => {
  accepted = [];
  server = createServer((socket) => accepted.push(socket.on('error', () => undefined)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterEach(async () => {
  for (const socket of accepted) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

const open = (sockets: ClientSockets): Promise<Socket> =>
  new Promise((resolve) => {
    const socket = sockets.factory({
      host: '127.0.0.1',
      port,
      ssl: undefined as never,
      onConnect: () => resolve(socket),
    });
  });

describe('ClientSockets', () => {
  it('destroys at its end what is open, says so as an error, and opens nothing more', async () => {
    const sockets = new ClientSockets();
    const socket = await open(sockets);
    expect([sockets.count, sockets.isEnded]).toEqual([1, false]);
    const failures: Error[] = [];
    const closed = new Promise((resolve) => {
      socket.on('error', (error) => failures.push(error)).once('close', resolve);
    });
    sockets.end();
    await closed;
    expect(failures).toMatchObject([{ message: 'The client was closed.' }]);
    expect([sockets.count, sockets.isEnded]).toEqual([0, true]);
    await expect(open(sockets)).rejects.toMatchObject({ code: 'broker_unavailable' });
  });

  it('forgets a socket that closed by itself', async () => {
    const sockets = new ClientSockets();
    const socket = await open(sockets);
    const closed = once(socket, 'close');
    socket.destroy();
    await closed;
    expect(sockets.count).toBe(0);
  });

  it('lets the client disconnect first, whether that works or not', async () => {
    for (const result of [() => Promise.resolve(), () => Promise.reject(new Error('no matter'))]) {
      const sockets = new ClientSockets();
      const ended: boolean[] = [];
      await sockets.close(() => {
        ended.push(sockets.isEnded);
        return result();
      });
      expect([...ended, sockets.isEnded]).toEqual([false, true]);
    }
  });
});
