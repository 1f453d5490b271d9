import { inheritedEnvironment } from '@signalbox/config';
import { sourceFlags } from '@signalbox/local-stack';
import { eventually } from '@signalbox/test-kit';
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

interface LogLine {
  readonly level?: string;
  readonly msg?: string;
  readonly url?: string;
  readonly instance?: string;
}

/** The agent of `faulty-agent.ts` as a process of its own. */
export class AgentProcess {
  readonly lines: LogLine[] = [];
  /** Settles when the process is gone and all of its output is read. */
  readonly exited: Promise<void>;
  private readonly child: ChildProcess;

  constructor(environment: Readonly<Record<string, string>>) {
    this.child = spawn(process.execPath, [...sourceFlags, join(__dirname, 'faulty-agent.ts')], {
      env: inheritedEnvironment({ NODE_OPTIONS: undefined, ...environment, LOG_LEVEL: 'info' }),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.exited = new Promise((resolve) => this.child.once('close', () => resolve()));
    const output = this.child.stdout as NodeJS.ReadableStream;
    createInterface({ input: output }).on('line', (line) => this.lines.push(JSON.parse(line) as LogLine));
  }

  get pid(): number {
    return this.child.pid as number;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  get url(): string | undefined {
    return this.lines.find(({ msg }) => msg === 'The agent is running')?.url;
  }

  /** The process's name in claims. */
  get instance(): string | undefined {
    return this.lines.find(({ msg }) => msg === 'The agent is running')?.instance;
  }

  async status(path: string): Promise<number> {
    if (!this.url) return 0;
    return fetch(`${this.url}${path}`).then(
      ({ status }) => status,
      () => 0,
    );
  }

  async metrics(): Promise<string> {
    return (await fetch(`${this.url}/metrics`)).text();
  }

  /** Waits until the agent has its partitions. */
  async ready(withinMs = 60_000): Promise<this> {
    await eventually(
      async () => ({ status: await this.status('/health/ready'), lines: this.lines.slice(-5) }),
      ({ status }) => status === 200 || !this.isRunning,
      'a ready agent',
      withinMs,
    );
    return this;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async end(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.isRunning) this.child.kill(signal);
    await this.exited;
  }
}
