import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { CuttingProxy } from '../test/cutting-proxy.js';
import { freshDatabase } from '../test/database.js';
import { listen } from './listen.js';
import { createPool } from './pool.js';

const openSockets = (): number =>
  process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;

async function until(condition: () => boolean, what: string): Promise<void> {
  for (const untilMs = Date.now() + 60_000; !condition();) {
    if (Date.now() > untilMs) throw new Error(`${what} did not come true`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('listen', () => {
  let url: string;
  let calls: number;
  let texts: (string | undefined)[];
  const called = (text?: string): void => {
    calls += 1;
    texts.push(text);
  };
  beforeAll(async () => {
    url = await freshDatabase();
  });
  beforeEach(() => {
    calls = 0;
    texts = [];
  });
  afterEach(() => until(() => openSockets() === 0, 'a process without sockets'));

  it('calls back once at the start and for each notification, and again after a new connection', async () => {
    const proxy = await CuttingProxy.start(url);
    const stop = await listen(proxy.url, 'news', called);
    expect(calls).toBe(1);
    const pool = createPool({ url, schema: 'public', max: 1, onError: () => undefined });
    await pool.query(`NOTIFY "news", 'read all about it'`);
    await until(() => calls === 2, 'the notification');
    proxy.cutAll();
    await until(() => calls === 3, 'the new connection');
    await stop();
    await pool.query('NOTIFY "news"');
    await pool.end();
    await proxy.stop();
    expect(texts).toEqual([undefined, 'read all about it', undefined]);
  });

  it('ends while it connects anew, and while the server is silent', async () => {
    const proxy = await CuttingProxy.start(url);
    const stop = await listen(proxy.url, 'news', called);
    const [before] = [openSockets()];
    proxy.cutAll();
    proxy.hold();
    await until(() => openSockets() < before, 'the cut');
    await until(() => openSockets() >= before, 'a new connection that gets no answer');
    const startedAtMs = Date.now();
    await stop();
    expect(Date.now() - startedAtMs).toBeLessThan(4_500); // a new connection is waited for 5 s

    proxy.go();
    const stopSilent = await listen(proxy.url, 'news', called);
    proxy.hold();
    await stopSilent();
    await proxy.stop();
    expect(calls).toBe(2);
  });

  it('ends while it waits to try again', async () => {
    const sockets: Socket[] = [];
    const refusing: Server = createServer((socket) => sockets.push(socket.destroy()));
    await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve));
    const nowhere = new URL(url);
    nowhere.port = String((refusing.address() as AddressInfo).port);
    const stop = await listen(nowhere.toString(), 'news', called);
    await until(() => sockets.length > 1, 'a second try');
    await stop();
    await new Promise((resolve) => refusing.close(resolve));
    expect(calls).toBe(0);
  });
});
