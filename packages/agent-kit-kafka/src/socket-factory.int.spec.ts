import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { createSocketFactory } from './socket-factory.js';

let server: Server;
let port: number;

beforeEach(async () => {
  server = createServer((socket) => socket.end('hello'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});

afterEach(() => new Promise((resolve) => server.close(resolve)));

async function greetingFrom(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(socket, 'close');
  return text;
}

describe('createSocketFactory', () => {
  it('connects to the address the broker advertises', async () => {
    let connected = 0;
    const socket = createSocketFactory()({
      host: '127.0.0.1',
      port,
      ssl: undefined as never,
      onConnect: () => (connected += 1),
    });
    expect(await greetingFrom(socket)).toBe('hello');
    expect(connected).toBe(1);
  });

  it('connects where the route says, and asks it for the advertised address', async () => {
    const asked: unknown[] = [];
    const factory = createSocketFactory((advertised) => {
      asked.push(advertised);
      return { host: '127.0.0.1', port };
    });
    const socket = factory({
      host: 'kafka-1.example',
      port: 9092,
      ssl: undefined as never,
      onConnect: () => undefined,
    });
    expect(await greetingFrom(socket)).toBe('hello');
    expect(asked).toEqual([{ host: 'kafka-1.example', port: 9092 }]);
  });
});
