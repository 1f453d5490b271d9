import { SignalboxError } from '@signalbox/errors';
import { fork, type ChildProcess, type ForkOptions } from 'node:child_process';
import { once } from 'node:events';
import { extname, join } from 'node:path';

const startLimitMs = 30_000;

export type BreakMode = 'kill' | 'hang';

export interface ChildStatus {
  readonly state: 'running' | 'stopped';
  readonly pid: number | null;
  /** Starts so far, the first included. */
  readonly starts: number;
  /** RFC 3339. */
  readonly startedAt: string | null;
}

export interface ChildProgram {
  readonly path: string;
  readonly options?: ForkOptions;
}

/** The payment process beside this file: compiled in production, from source when the supervisor runs from source. */
export const paymentProgram: ChildProgram = {
  path: join(__dirname, '..', `payment-process${extname(__filename)}`),
};

/** The payment process: started, broken for real, and started anew. One restart at a time. */
export class PaymentChild {
  #child: ChildProcess | undefined;
  #port: number | undefined;
  #starts = 0;
  #startedAt: string | null = null;
  #restarting: Promise<void> | undefined;

  constructor(private readonly program: ChildProgram = paymentProgram) {}

  /** Port of the process that runs, or undefined while none does. */
  get port(): number | undefined {
    return this.#isRunning() ? this.#port : undefined;
  }

  get status(): ChildStatus {
    const isRunning = this.#isRunning();
    return {
      state: isRunning ? 'running' : 'stopped',
      pid: isRunning ? (this.#child?.pid ?? null) : null,
      starts: this.#starts,
      startedAt: this.#startedAt,
    };
  }

  /** Ends what runs and starts it anew; resolves when it listens. Calls during a restart share it. */
  restart(): Promise<void> {
    this.#restarting ??= this.#startAnew().finally(() => (this.#restarting = undefined));
    return this.#restarting;
  }

  /** `kill` ends the process at once; `hang` stops it, so that it keeps its port and answers nobody. */
  async break(mode: BreakMode): Promise<void> {
    const child = this.#child;
    if (child === undefined || !this.#isRunning()) return;
    if (mode === 'hang') return void child.kill('SIGSTOP');
    await this.stop();
  }

  /** Ends the process, also one that hangs. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined || !this.#isRunning()) return;
    const exited = once(child, 'exit');
    // A stopped process takes no other signal.
    child.kill('SIGKILL');
    await exited;
  }

  #isRunning(): boolean {
    const child = this.#child;
    // Without a pid it could not be started, and no exit follows.
    return child?.pid !== undefined && child.exitCode === null && child.signalCode === null;
  }

  async #startAnew(): Promise<void> {
    await this.stop();
    const child = fork(this.program.path, {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      ...this.program.options,
    });
    this.#child = child;
    this.#port = await portOf(child);
    this.#starts += 1;
    this.#startedAt = new Date().toISOString();
  }
}

/** The port the process reports once it listens; rejects when it ends before or takes longer than 30 s. */
function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      child.removeAllListeners('message').removeAllListeners('exit').removeAllListeners('error');
      act();
    };
    const fail = (why: string) => (): void =>
      settle(() => reject(new SignalboxError('internal', `the payment process ${why}`)));
    const timer = setTimeout(fail(`did not listen within ${startLimitMs} ms`), startLimitMs);
    child.once('message', (message: { port: number }) => settle(() => resolve(message.port)));
    child.once('exit', fail('ended before it listened'));
    child.once('error', fail('could not be started'));
  });
}
