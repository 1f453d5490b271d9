import { Client } from 'pg';

const RECONNECT_MS = 1_000;

/**
 * Calls back for each notification on a channel, over a connection of its own that is made again when it breaks (and
 * then calls back once, since something may have been missed). Returns how to stop. A broken connection is no error:
 * whoever listens also polls.
 */
export async function listen(
  url: string,
  channel: string,
  callback: () => void,
): Promise<() => Promise<void>> {
  let client: Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  const again = (): void => {
    client = undefined;
    if (!isStopped) timer = setTimeout(() => void open(), RECONNECT_MS).unref();
  };
  const open = async (): Promise<void> => {
    const next = new Client({
      connectionString: url,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      application_name: `signalbox ${channel}`,
    });
    next.on('error', () => undefined); // 'end' follows
    next.once('end', again);
    next.on('notification', callback);
    try {
      await next.connect();
      await next.query(`LISTEN "${channel}"`);
      client = next;
      callback();
    } catch {
      await next.end().catch(() => undefined); // 'end' has arranged the next try
    }
  };

  await open();
  return async () => {
    isStopped = true;
    clearTimeout(timer);
    await client?.end();
  };
}
