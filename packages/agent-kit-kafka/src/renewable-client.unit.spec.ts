import { ClientSockets } from './client-sockets.js';
import { RenewableClient } from './renewable-client.js';

class Clients {
  readonly events: string[] = [];
  private made = 0;
  failConnect = false;

  readonly renewable = new RenewableClient<number>(() => {
    const client = (this.made += 1);
    this.events.push(`open ${client}`);
    const connected = this.failConnect ? Promise.reject(new Error('refused')) : Promise.resolve();
    return {
      client,
      connected,
      sockets: new ClientSockets(),
      disconnect: async () => {
        this.events.push(`end ${client}`);
      },
    };
  });
}

describe('RenewableClient', () => {
  it('opens once and keeps the client while it works', async () => {
    const { renewable, events } = new Clients();
    expect(await Promise.all([1, 2, 3].map(() => renewable.use(async (client) => client)))).toEqual([
      1, 1, 1,
    ]);
    await renewable.close();
    await renewable.close();
    expect(events).toEqual(['open 1', 'end 1']);
  });

  it('takes a new client after a failure, and lets others finish with the old one', async () => {
    const { renewable, events } = new Clients();
    let finish: (value: string) => void = () => undefined;
    const slow = renewable.use(() => new Promise<string>((resolve) => (finish = resolve)));
    await expect(renewable.use(() => Promise.reject(new Error('deleted topic')))).rejects.toThrow(
      'deleted topic',
    );
    expect(await renewable.use(async (client) => client)).toBe(2);
    expect(events).toEqual(['open 1', 'open 2']);
    finish('done');
    expect(await slow).toBe('done');
    await renewable.close();
    expect(events.sort()).toEqual(['end 1', 'end 2', 'open 1', 'open 2']);
  });

  it('tries to connect again after a failed connect', async () => {
    const clients = new Clients();
    clients.failConnect = true;
    await expect(clients.renewable.use(async () => 'unused')).rejects.toThrow('refused');
    clients.failConnect = false;
    expect(await clients.renewable.use(async (client) => client)).toBe(2);
  });

  it('waits at its end for clients that failed before, and opens none afterwards', async () => {
    const { renewable, events } = new Clients();
    await expect(renewable.use(() => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
    let finish: () => void = () => undefined;
    const late = renewable.use(() => new Promise<void>((resolve) => (finish = resolve)));
    await renewable.close();
    expect(events.sort()).toEqual(['end 1', 'end 2', 'open 1', 'open 2']);
    await expect(renewable.use(async () => 'late')).rejects.toMatchObject({ code: 'broker_unavailable' });
    finish();
    await late;
    expect(events).toHaveLength(4);
  });

  it('can be cut: its sockets end at once, and it opens none afterwards', async () => {
    const { renewable, events } = new Clients();
    await renewable.use(async () => undefined);
    renewable.cut();
    await expect(renewable.use(async () => 'late')).rejects.toMatchObject({ code: 'broker_unavailable' });
    await renewable.close();
    expect(events).toEqual(['open 1', 'end 1']);
  });
});
