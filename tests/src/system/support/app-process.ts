import { inheritedEnvironment } from '@signalbox/config';
import { repositoryDir, sourceFlags, waitUntil } from '@signalbox/local-stack';
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface ExitStatus {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** From the signal to the end, in milliseconds. */
  readonly ms: number;
}

const startMsMax = 180_000;
const readyMsMax = 180_000;
const linesMax = 200;
const children = new Set<ChildProcess>();
process.once('exit', () => children.forEach((child) => child.kill('SIGKILL')));

/** An app of this repository as a process of its own, run from source. */
export class AppProcess {
  /** Its latest output, for messages. */
  private readonly lines: string[] = [];
  private readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Where it listens, once it has said so. */
  url = '';

  private constructor(
    readonly name: string,
    private readonly child: ChildProcess,
  ) {
    children.add(child);
    this.ended = new Promise((resolve) =>
      child.once('exit', (code, signal) => {
        children.delete(child);
        resolve({ code, signal });
      }),
    );
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.read(line));
    }
  }

  /** Starts `apps/<name>` and resolves when it listens; rejects with its output when it ends before. */
  static async start(
    name: string,
    environment: Readonly<Record<string, string>>,
    main = mainOf(name),
  ): Promise<AppProcess> {
    const app = AppProcess.spawn(name, environment, main);
    const outcome = await waitUntil(
      () => (app.url !== '' || !app.running ? 'settled' : undefined),
      startMsMax,
    );
    if (outcome !== undefined && app.url !== '') return app;
    await app.end('SIGKILL'); // nobody else knows of it
    throw new Error(`${name} did not start:\n${app.output}`);
  }

  /** Starts `apps/<name>` without waiting for anything. */
  static spawn(name: string, environment: Readonly<Record<string, string>>, main = mainOf(name)): AppProcess {
    // Jest's settings for its own workers are not for the app.
    const jests = { NODE_OPTIONS: undefined, JEST_WORKER_ID: undefined, NODE_ENV: undefined };
    const child = spawn(process.execPath, [...sourceFlags, main], {
      cwd: repositoryDir,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: inheritedEnvironment({ ...jests, ...environment, PORT: '0', LOG_LEVEL: 'info' }),
    });
    return new AppProcess(name, child);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  get output(): string {
    return this.lines.join('\n');
  }

  /** Resolves when its health says that it serves. */
  async ready(): Promise<void> {
    const isReady = async (): Promise<true | undefined> => {
      if (this.url === '') return undefined;
      const answer = await fetch(`${this.url}/health/ready`).catch(() => undefined);
      await answer?.body?.cancel();
      return answer?.status === 200 ? true : undefined;
    };
    if (await waitUntil(isReady, readyMsMax, 50)) return;
    throw new Error(`${this.name} was not ready within ${readyMsMax} ms:\n${this.output}`);
  }

  /** Sends the signal and resolves when the process is gone. */
  async end(signal: NodeJS.Signals): Promise<ExitStatus> {
    const startedMs = performance.now();
    if (this.running) this.child.kill(signal);
    return { ...(await this.ended), ms: performance.now() - startedMs };
  }

  private read(line: string): void {
    this.lines.push(line);
    if (this.lines.length > linesMax) this.lines.shift();
    if (this.url === '' && line.startsWith('{')) this.url = urlIn(line) ?? '';
  }
}

const mainOf = (name: string): string => join(repositoryDir, 'apps', name, 'src', 'main.ts');

function urlIn(line: string): string | undefined {
  try {
    return (JSON.parse(line) as { url?: string }).url;
  } catch {
    return undefined;
  }
}
