import { eventually } from '@signalbox/test-kit';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Link } from './link.js';

describe('a link to a store', () => {
  let store: Server;
  let link: Link;
  let client: Socket;
  /** What the client has got back. */
  let got = '';

  beforeEach(async () => {
    store = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
    await new Promise<void>((resolve) => store.listen(0, '127.0.0.1', resolve));
    link = await Link.start();
    link.leadTo((store.address() as AddressInfo).port);
    got = '';
    client = dial();
  });
  afterEach(async () => {
    client.destroy();
    await link.close();
    await new Promise((resolve) => store.close(resolve));
  });

  function dial(): Socket {
    const socket = connect(link.port, '127.0.0.1');
    socket.on('data', (piece: Buffer) => (got += piece.toString()));
    return socket.on('error', () => undefined);
  }
  const untilGot = (text: string): Promise<string> =>
    eventually(
      () => Promise.resolve(got),
      (now) => now === text,
      `'${text}' at the client`,
    );
  const untilCut = (): Promise<boolean> =>
    eventually(
      () => Promise.resolve(client.closed),
      (now) => now,
      'the end of the connection',
    );

  it('hands on what is said while it is open', async () => {
    client.write('a question');
    await untilGot('a question');
  });

  it('lets nothing through while it is silent, keeps the connection, and loses nothing of it', async () => {
    client.write('one ');
    await untilGot('one ');
    link.silence();
    client.write('two ');
    const second = dial(); // the network takes a new connection, and nobody hears of it
    second.write('three');
    await expect(
      eventually(
        () => Promise.resolve(got),
        (now) => now !== 'one ',
        'an answer',
        300,
      ),
    ).rejects.toThrow('an answer did not come true');
    expect(client.closed).toBe(false);
    link.heal();
    await eventually(
      () => Promise.resolve(got),
      (now) => now.length === 'one two three'.length && now.includes('two ') && now.includes('three'),
      'what was held back',
    );
    second.destroy();
  });

  it('makes answers late, in their order, until it is healed', async () => {
    const delaysMs = [300, 0];
    link.slowDown(() => delaysMs.shift() ?? 0);
    const startedMs = performance.now();
    client.write('slow ');
    await eventually(
      () => Promise.resolve(delaysMs.length),
      (left) => left === 1,
      'the first answer on its way',
    );
    client.write('quick');
    await untilGot('slow quick');
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(300);
  });

  it('cuts what is open and refuses what comes while it is down', async () => {
    client.write('one');
    await untilGot('one');
    link.goDown();
    await untilCut();
    client = dial();
    await untilCut();
    link.heal();
    got = '';
    client = dial();
    client.write('again');
    await untilGot('again');
  });
});
