import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Resolver } from './guarded-connector.js';
import { createOutboundHttp } from './outbound-http.js';

/** Names and what they resolve to, call by call; the last answer stays. */
const names: Record<string, string[][]> = {
  'private.example': [['10.0.0.1']],
  'mixed.example': [['93.184.216.34', '127.0.0.1']],
  'rebind.example': [['127.0.0.1']],
  'mapped.example': [['::ffff:127.0.0.1']],
  'empty.example': [[]],
};
const resolve: Resolver = (host, _options, callback) => {
  const answers = names[host] ?? [['127.0.0.1']];
  const addresses = answers[0] ?? [];
  callback(
    null,
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
  );
};

let server: Server;
let port: number;
let connections = 0;
beforeAll(async () => {
  server = createServer((_request, response) => response.end('reached'));
  server.on('connection', () => (connections += 1));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => new Promise((done) => server.close(done)));
beforeEach(() => (connections = 0));

const hosts = [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '2130706433',
  '0x7f000001',
  '0x7f.0.0.1',
  '017700000001',
  '0177.0.0.1',
  '0',
  '0.0.0.0',
  '127.0.0.1.',
  '１２７.0.0.1',
  '10.0.0.1',
  '172.31.255.255',
  '192.168.0.1',
  '100.64.0.1',
  '169.254.169.254',
  '0xa9fea9fe',
  '192.0.2.10',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '[::]',
  '[::1]',
  '[::7f00:1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b:1::7f00:1]',
  '[2002:7f00:1::]',
  '[2001:0:7f00:1::1]',
  '[fc00::1]',
  '[fd12:3456::1]',
  '[fe80::1]',
  '[ff02::1]',
  '[2001:db8::1]',
  'localhost',
  'private.example',
  'mixed.example',
  'rebind.example',
  'mapped.example',
  'empty.example',
];

describe('the guard against calls into the own network', () => {
  it.each(hosts)('blocks http://%s before a connection is made', async (host) => {
    const http = createOutboundHttp({ ports: [port], resolve });
    try {
      await expect(http.request({ url: `http://${host}:${port}/`, method: 'GET' })).rejects.toMatchObject({
        code: 'outbound_blocked',
        retryable: false,
      });
      expect(connections).toBe(0);
    } finally {
      await http.close();
    }
  });

  it('blocks a name that was public when it was registered and is private when it is called', async () => {
    const http = createOutboundHttp({ ports: [port], resolve });
    expect(() => http.check(`http://rebind.example:${port}/`)).not.toThrow();
    await expect(http.request({ url: `http://rebind.example:${port}/` })).rejects.toMatchObject({
      code: 'outbound_blocked',
    });
    await http.close();
  });

  it.each([
    ['a listed host and port', () => [`rebind.example:${port}`], 'rebind.example'],
    ['a listed address and port', () => [`127.0.0.1:${port}`], '127.0.0.1'],
    ['a name in a listed subnet', () => ['127.0.0.0/8'], 'rebind.example'],
    ['an address in a listed subnet', () => ['127.0.0.0/8'], '127.0.0.1'],
  ])('lets %s through', async (_what, allowPrivate, host) => {
    const http = createOutboundHttp({ allowPrivate: allowPrivate(), ports: [port], resolve });
    const answer = await http.request({ url: `http://${host}:${port}/`, method: 'GET' });
    expect(answer.body.toString()).toBe('reached');
    await http.close();
  });

  it('does not extend a listed port to its neighbours', async () => {
    const http = createOutboundHttp({ allowPrivate: [`127.0.0.1:${port + 1}`], ports: [port], resolve });
    await expect(http.request({ url: `http://127.0.0.1:${port}/` })).rejects.toMatchObject({
      code: 'outbound_blocked',
    });
    await http.close();
  });
});
