import { HttpConnection } from './http-connection.js';
import type { PrepareWebhooks, SendWebhooks } from './http-protocol.js';
import { sendAll } from './http-run.js';
import { webhookBytes } from './webhook-bytes.js';

/** Posts signed webhooks, in a process of its own. Requests are signed before the clock runs. */
let connections: HttpConnection[] = [];
let requests: Buffer[] = [];

async function handle(message: PrepareWebhooks | SendWebhooks): Promise<void> {
  if (message.kind === 'prepare') {
    for (const connection of connections) connection.close();
    const { port, count, from } = message;
    requests = Array.from({ length: count }, (_, at) => webhookBytes(message, from + at));
    const opened = Array.from({ length: message.connections }, () => HttpConnection.open(port));
    connections = await Promise.all(opened);
    process.send?.({ kind: 'prepared' });
    return;
  }
  process.send?.(await sendAll(connections, requests, message.ratePerSecond));
}

process.on('message', (message: PrepareWebhooks | SendWebhooks) => void handle(message));
