import { connect } from 'node:net';

export interface RawAnswer {
  /** Of every answer on the connection, in order. */
  readonly statuses: readonly number[];
  readonly text: string;
}

const patienceMs = 50_000;

/** Writes bytes as they are and reads until the gateway ends the connection. Later parts follow the first answer-free tick. */
export function raw(url: string, ...parts: readonly (string | Buffer)[]): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) });
    const chunks: Buffer[] = [];
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error('the gateway kept the connection'));
    }, patienceMs);
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      const text = Buffer.concat(chunks).toString('utf8');
      resolve({ text, statuses: [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => Number(match[1])) });
    });
    socket.on('connect', () => {
      for (const part of parts) socket.write(part);
    });
  });
}

/** The head of a POST; `headers` in the form `name: value`. */
export const head = (path: string, ...headers: readonly string[]): string =>
  [`POST ${path} HTTP/1.1`, 'host: gateway', ...headers, '', ''].join('\r\n');
