import { connect } from 'node:net';

const metadataApiKey = 3;
const metadataVersion = 1;

/**
 * Whether the broker serves: it answers a metadata request and counts at least one live broker. A port that merely
 * accepts connections is not enough, the broker opens it shortly before the controller lets it in.
 */
export function kafkaServes(port: number, limitMs = 2_000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const chunks: Buffer[] = [];
    const finish = (result: boolean): void => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(limitMs, () => finish(false));
    socket.once('error', () => finish(false));
    socket.once('close', () => finish(false));
    socket.once('connect', () => socket.write(metadataRequest()));
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      const brokers = brokerCount(Buffer.concat(chunks));
      if (brokers !== undefined) finish(brokers > 0);
    });
  });
}

/** Length, API key, version, correlation id, client id (none), topics (none asked for). */
function metadataRequest(): Buffer {
  const body = Buffer.alloc(14);
  body.writeInt16BE(metadataApiKey, 0);
  body.writeInt16BE(metadataVersion, 2);
  body.writeInt32BE(1, 4);
  body.writeInt16BE(-1, 8);
  body.writeInt32BE(0, 10);
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
}

/** After length and correlation id comes the number of brokers. */
export function brokerCount(answer: Buffer): number | undefined {
  return answer.length < 12 ? undefined : answer.readInt32BE(8);
}
