import type { ClientBase } from 'pg';

/** The part of a client that @types/pg shows only of clients without a pool. */
interface Wire {
  readonly connection: { readonly stream: { cork(): void; uncork(): void } };
}

const gathering = new WeakSet<ClientBase>();

/**
 * What is sent on this connection until the end of the current turn leaves in one write. A write of its own for each
 * statement costs more than many a statement: it wakes the server, which takes our place on a busy machine.
 */
export function sendTogether(client: ClientBase): void {
  if (gathering.has(client)) return;
  gathering.add(client);
  const { stream } = (client as unknown as Wire).connection;
  stream.cork();
  process.nextTick(() => {
    gathering.delete(client);
    stream.uncork();
  });
}
