import { fork, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { inheritedEnvironment } from '@signalbox/config';
import { SignalboxError } from '@signalbox/errors';
import { isProfiling } from './profile.js';

/** A process that has been measured has nothing left to do, but for one that still writes its profile. */
const stopMsMax = (): number => (isProfiling() ? 15_000 : 2_000);
const readyMsMax = 60_000;
const askEveryMs = 10;
/** Kernel ticks a second in /proc/<pid>/stat: 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;

const running = new Set<ChildProcess>();
// Whatever ends this process: nothing it started is left behind.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A process under measurement, or one that makes load. */
export class SideProcess {
  private readonly ended: Promise<void>;
  private hasEnded = false;
  private errors = '';

  private constructor(
    readonly name: string,
    private readonly child: ChildProcess,
  ) {
    this.ended = new Promise((resolve) =>
      child.once('close', () => {
        this.hasEnded = true;
        running.delete(child);
        resolve();
      }),
    );
    for (const stream of [child.stderr, child.stdout])
      stream?.on('data', (chunk: Buffer) => (this.errors = (this.errors + chunk.toString()).slice(-4_000)));
  }

  /** Starts `node entry`; nothing of this process's own settings for apps is passed on but what `environment` names. */
  static start(
    name: string,
    entry: string,
    environment: Readonly<Record<string, string>>,
    nodeFlags: readonly string[] = [],
    args: readonly string[] = [],
  ): SideProcess {
    const child = fork(entry, [...args], {
      env: inheritedEnvironment({ NODE_OPTIONS: undefined, NODE_ENV: 'production', ...environment }),
      execArgv: [...nodeFlags],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      serialization: 'advanced',
    });
    running.add(child);
    return new SideProcess(name, child);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Resolves with the first message that has this `kind`; rejects when the process ends before. */
  async message<T>(kind: string): Promise<T> {
    let listener: ((message: unknown) => void) | undefined;
    const received = new Promise<T>((resolve) => {
      listener = (message) => {
        if ((message as { kind?: unknown } | null)?.kind === kind) resolve(message as T);
      };
      this.child.on('message', listener);
    });
    try {
      return await Promise.race([received, this.failure()]);
    } finally {
      if (listener) this.child.off('message', listener);
    }
  }

  /** Sends a request and waits for the answer of the kind named. */
  async ask<T>(request: object, answer: string): Promise<T> {
    const answered = this.message<T>(answer);
    this.child.send(request);
    return answered;
  }

  tell(message: object): void {
    this.child.send(message);
  }

  /** Waits until a GET of `url` is answered with 200. */
  async ready(url: string): Promise<void> {
    const untilMs = performance.now() + readyMsMax;
    while (performance.now() < untilMs) {
      if (this.hasEnded) await this.failure();
      const status = await fetch(url).then(
        (answer) => answer.status,
        () => 0,
      );
      if (status === 200) return;
      await delay(askEveryMs);
    }
    throw new SignalboxError(
      'internal',
      `${this.name} was not ready within ${readyMsMax} ms: ${this.errors}`,
    );
  }

  /** CPU time used so far, user and system, in seconds. */
  cpuSeconds(): number {
    const stat = readFileSync(`/proc/${this.pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  }

  /** Stands still until it may go on, its memory and connections kept. */
  freeze(): void {
    this.child.kill('SIGSTOP');
  }

  goOn(): void {
    this.child.kill('SIGCONT');
  }

  /** Memory in use now, in megabytes. */
  rssMb(): number {
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? NaN) / 1_024;
  }

  async stop(): Promise<void> {
    if (this.hasEnded) return;
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), stopMsMax());
    await this.ended;
    clearTimeout(timer);
  }

  private async failure(): Promise<never> {
    await this.ended;
    throw new SignalboxError('internal', `${this.name} ended (code ${this.child.exitCode}): ${this.errors}`);
  }
}
