import { setTimeout as delay } from 'node:timers/promises';
import { crashesInARow, restartDelayMs } from '../process/backoff.js';
import { stopLeftover, type ManagedProcess } from '../process/managed-process.js';
import { waitUntil } from '../wait-until.js';

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
    await this.loop;
    this.wanted = true;
    this.wake = new AbortController();
    this.phase = 'starting';
    try {
      this.child = await this.options.start();
    } catch (error) {
      this.wanted = false;
      this.phase = 'stopped';
      throw error;
    }
    this.loop = this.keep(this.child);
  }

  /** Ends the process, also while it is being started, and starts it no more. */
  async stop(): Promise<void> {
    if (this.phase === 'stopped') return;
    this.wanted = false;
    this.wake.abort();
    const { child, options } = this;
    this.phase = 'stopping';
    if (child?.running) await child.stop(options.stopGraceMs);
    else await waitUntil(() => this.endStarting(), options.stopGraceMs, 50);
    await this.loop;
    this.phase = 'stopped';
  }

  /** Between launch and the end of `start` the process is known by its record only. */
  private async endStarting(): Promise<true | undefined> {
    await stopLeftover(this.options.recordPath, this.options.stopGraceMs);
    return this.child?.running ? undefined : true;
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
        this.child = await this.options.start();
        return this.child;
      } catch (error) {
        why = `did not start (${error instanceof Error ? error.message.split('\n')[0] : String(error)})`;
      }
    }
    return undefined;
  }
}
