import { createServer } from 'node:net';
import { SignalboxError } from '@signalbox/errors';
import { portHolder } from './port-holder.js';

/** A port of 127.0.0.1 that nothing listened on a moment ago. */
export function freePort(): Promise<number> {
  return listenOnce(0);
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
