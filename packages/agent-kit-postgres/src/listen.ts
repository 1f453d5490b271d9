import { Client } from 'pg';
import { Socket } from 'node:net';

const RECONNECT_MS = 1_000;
const CONNECT_MS = 5_000;
const FAREWELL_MS = 500;

/** A connection that can be ended whatever the server does: pg itself waits for the server's goodbye. */
class Line {
  private readonly socket = new Socket();
  readonly client: Client;
  private isOpen = false;

  constructor(url: string, name: string) {
    this.client = new Client({
      connectionString: url,
      stream: () => this.socket,
      keepAlive: true,
      connectionTimeoutMillis: CONNECT_MS,
      query_timeout: CONNECT_MS,
      application_name: name,
    });
    this.client.on('error', () => undefined); // 'end' follows
  }

  async open(channel: string): Promise<void> {
    await this.client.connect();
    await this.client.query(`LISTEN "${channel}"`);
    this.isOpen = true;
  }

  /** Ends it at once. */
  cut(): void {
    this.socket.destroy();
  }

  /** Says goodbye, and cuts when that is not answered. A goodbye in the middle of connecting would never end. */
  async end(): Promise<void> {
    if (!this.isOpen) return this.cut();
    const limit = setTimeout(() => this.cut(), FAREWELL_MS);
    await this.client.end().catch(() => undefined);
    clearTimeout(limit);
    this.cut();
  }
}

/**
 * Calls back with the text of each notification on a channel, over a connection of its own that is made again when it
 * breaks; then, as at the start, it calls back once without a text, since anything may have been missed. Returns how to
 * stop: within a second nothing is left, in the middle of a new connection as well. A broken connection is no error:
 * whoever listens also polls.
 */
export async function listen(
  url: string,
  channel: string,
  callback: (text?: string) => void,
): Promise<() => Promise<void>> {
  let line: Line | undefined;
  let opening: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  const again = (): void => {
    if (isStopped) return;
    timer = setTimeout(() => {
      opening = open();
    }, RECONNECT_MS).unref();
  };
  const open = async (): Promise<void> => {
    const next = new Line(url, `signalbox ${channel}`);
    line = next;
    next.client.once('end', again);
    next.client.on('notification', ({ payload }) => callback(payload ?? ''));
    try {
      await next.open(channel);
      if (!isStopped) callback();
    } catch {
      next.cut(); // 'end' arranges the next try
    }
  };

  opening = open();
  await opening;
  return async () => {
    isStopped = true;
    clearTimeout(timer);
    await line?.end();
    await opening;
  };
}
