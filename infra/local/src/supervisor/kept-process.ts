import { setTimeout as delay } from 'node:timers/promises';
import { SignalboxError } from '@signalbox/errors';
import { crashesInARow, restartDelayMs } from '../process/backoff.js';
import { stopLeftover, type ManagedProcess } from '../process/managed-process.js';
import { waitUntil } from '../wait-until.js';

/** A start that is to be given up may still prepare folders, or fetch Kafka, for this long. */
const startLimitMs = 600_000;

export type ProcessPhase = 'stopped' | 'starting' | 'running' | 'restarting' | 'stopping';

export interface KeptProcessOptions {
  readonly name: string;
  /** Launches it, and waits as long as its kind needs. */
  readonly start: () => Promise<ManagedProcess>;
  /** The file in which `start` notes the process. */
  readonly recordPath: string;
  readonly stopGraceMs: number;
  readonly onEvent: (message: string) => void;
}

/** A process that is started again when it ends by itself, with growing waits. */
export class KeptProcess {
  readonly name: string;
  phase: ProcessPhase = 'stopped';
  restarts = 0;
  private child: ManagedProcess | undefined;
  private wanted = false;
  private wake = new AbortController();
  private starting: Promise<unknown> = Promise.resolve();
  private loop: Promise<void> = Promise.resolve();

  constructor(private readonly options: KeptProcessOptions) {
    this.name = options.name;
  }

  get pid(): number | undefined {
    return this.child?.running ? this.child.identity.pid : undefined;
  }

  /** Resolves when the first start has succeeded; rejects with its error, and then nothing is kept. */
  async start(): Promise<void> {
    if (this.wanted) return;
    this.wanted = true;
    this.wake = new AbortController();
    this.phase = 'starting';
    await this.loop;
    const child = await this.startOnce().catch((error: unknown) => {
      this.wanted = false;
      this.phase = 'stopped';
      throw error;
    });
    this.loop = this.keep(child);
  }

  /** Ends the process, also while it is being started, and starts it no more. */
  async stop(): Promise<void> {
    if (this.phase === 'stopped') return;
    this.wanted = false;
    this.wake.abort();
    const { child, options } = this;
    this.phase = 'stopping';
    if (child?.running) await child.stop(options.stopGraceMs);
    else await this.endStarting();
    await this.loop;
    this.phase = 'stopped';
  }

  /** One start; a process that was no longer wanted when it came up is ended, and the start rejects. */
  private async startOnce(): Promise<ManagedProcess> {
    const givenUp = `${this.name} was stopped while it started.`;
    if (!this.wanted) throw new SignalboxError('stack_unavailable', givenUp);
    const start = this.options.start();
    this.starting = start.catch(() => undefined);
    const child = await start;
    if (!this.wanted) {
      await child.stop(this.options.stopGraceMs);
      throw new SignalboxError('stack_unavailable', givenUp);
    }
    this.child = child;
    return child;
  }

  /** Between launch and the end of `start` the process is known by its record only. */
  private async endStarting(): Promise<void> {
    let settled = false;
    void this.starting.then(() => (settled = true));
    const ask = async (): Promise<true | undefined> => {
      if (!settled) await stopLeftover(this.options.recordPath, this.options.stopGraceMs);
      return settled ? true : undefined;
    };
    await waitUntil(ask, startLimitMs, 50);
  }

  private async keep(first: ManagedProcess): Promise<void> {
    let child = first;
    let crashes = 0;
    for (;;) {
      const startedMs = performance.now();
      if (this.wanted) this.phase = 'running';
      const { code, signal } = await child.exited;
      if (!this.wanted) return;
      crashes = crashesInARow(crashes, performance.now() - startedMs);
      const why = signal ? `was ended by ${signal}` : `ended with code ${code}`;
      const next = await this.restart(crashes, why);
      if (!next) return;
      child = next;
    }
  }

  private async restart(crashesBefore: number, whyFirst: string): Promise<ManagedProcess | undefined> {
    let why = whyFirst;
    for (let crashes = crashesBefore; this.wanted; crashes += 1) {
      const waitMs = restartDelayMs(crashes);
      this.phase = 'restarting';
      this.restarts += 1;
      this.options.onEvent(`${this.name} ${why}; starting it again in ${waitMs / 1_000} s`);
      await delay(waitMs, undefined, { signal: this.wake.signal }).catch(() => undefined);
      if (!this.wanted) return undefined;
      try {
        return await this.startOnce();
      } catch (error) {
        why = `did not start (${error instanceof Error ? error.message.split('\n')[0] : String(error)})`;
      }
    }
    return undefined;
  }
}
