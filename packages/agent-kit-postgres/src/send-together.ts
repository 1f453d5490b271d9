import type { ClientBase } from 'pg';

/** The part of a client that @types/pg shows only of clients without a pool. */
interface Wire {
  readonly connection: {
    readonly stream: { cork(): void; uncork(): void; readonly writableLength: number };
  };
}

/** With so many bytes in hand the server gets to work while the next statement is still being made. */
const LARGE_BYTES = 4_096;

const gathering = new WeakSet<ClientBase>();

/**
 * Small statements sent on this connection in one turn leave in one write at its end: a write of its own for each costs
 * more than many a statement, since it wakes the server, which takes our place on a busy machine.
 */
export function sendTogether<T>(client: ClientBase, send: () => T): T {
  const { stream } = (client as unknown as Wire).connection;
  const flush = (): void => {
    if (gathering.delete(client)) stream.uncork();
  };
  if (!gathering.has(client)) {
    gathering.add(client);
    stream.cork();
    process.nextTick(flush);
  }
  try {
    return send();
  } finally {
    if (stream.writableLength >= LARGE_BYTES) flush();
  }
}
