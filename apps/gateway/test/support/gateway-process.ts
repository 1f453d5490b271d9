import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { inheritedEnvironment, type Environment } from '@signalbox/config';

const root = join(__dirname, '..', '..', '..', '..');

/** The gateway as a process of its own, from source. */
export class GatewayProcess {
  readonly lines: Record<string, unknown>[] = [];
  /** Settles when the process is gone and all of its output is read. */
  readonly exited: Promise<number | null>;
  private readonly child: ChildProcess;
  private rest = '';

  constructor(env: Environment) {
    const flags = ['--conditions=@signalbox/source', '-r', join(root, 'infra', 'register-source.cjs')];
    this.child = spawn(process.execPath, [...flags, join(__dirname, '..', '..', 'src', 'main.ts')], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: inheritedEnvironment({ NODE_OPTIONS: undefined, WEBHOOK_SECRET: undefined, PORT: '0', ...env }),
    });
    this.child.stdout?.on('data', (chunk: Buffer) => this.read(chunk.toString('utf8')));
    this.exited = new Promise((resolve) => this.child.once('close', (code) => resolve(code)));
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** The first line with this message, or undefined while it has not come. */
  line(message: string): Record<string, unknown> | undefined {
    return this.lines.find(({ msg }) => msg === message);
  }

  signal(name: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): void {
    this.child.kill(name);
  }

  private read(text: string): void {
    const parts = (this.rest + text).split('\n');
    this.rest = parts.pop() ?? '';
    for (const part of parts) this.lines.push(JSON.parse(part) as Record<string, unknown>);
  }
}
