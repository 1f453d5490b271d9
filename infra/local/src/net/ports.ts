import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { SignalboxError } from '@signalbox/errors';
import { portHolder } from './port-holder.js';

/** Below the ports that systems hand out to outgoing connections, which would take a chosen one away again. */
const FREE_PORT_MIN = 20_000;
const FREE_PORT_MAX = 32_000;
const FREE_PORT_TRIES_MAX = 100;

/** A port of 127.0.0.1 that nothing listened on a moment ago and no outgoing connection takes meanwhile. */
export async function freePort(): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await listenOnce(randomInt(FREE_PORT_MIN, FREE_PORT_MAX));
    } catch (error) {
      if (tries === FREE_PORT_TRIES_MAX) throw error;
    }
  }
}

export interface PortUse {
  readonly port: number;
  /** What wants the port, for the message. */
  readonly wantedBy: string;
  /** The variable that moves it elsewhere. */
  readonly variable: string;
}

/** Throws `stack_unavailable` that names the port, who holds it when that can be seen, and the ways on. */
export async function assertPortFree(use: PortUse): Promise<void> {
  try {
    await listenOnce(use.port);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw cause;
    throw new SignalboxError('stack_unavailable', portMessage(use, code), {
      cause,
      action: `Stop that process, or choose another port with ${use.variable}=<port>.`,
    });
  }
}

function portMessage({ port, wantedBy }: PortUse, code: string): string {
  if (code === 'EACCES') return `Port ${port}, wanted by ${wantedBy}, may not be used by this user.`;
  const holder = portHolder(port);
  const who = holder ? `pid ${holder.pid} (${holder.command})` : 'a process of another user';
  return `Port ${port}, wanted by ${wantedBy}, is in use by ${who}.`;
}

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      const bound = typeof address === 'object' && address ? address.port : port;
      server.close(() => resolve(bound));
    });
  });
}
