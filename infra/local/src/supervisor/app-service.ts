import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SignalboxError } from '@signalbox/errors';
import { appArgs, appMainPath } from '../apps/app-command.js';
import { appEnvironment } from '../apps/app-environment.js';
import type { AppDefinition } from '../apps/app-list.js';
import { httpStatus } from '../net/http-status.js';
import { assertPortFree } from '../net/ports.js';
import { repositoryDir } from '../paths.js';
import { isRunning, type ProcessIdentity } from '../process/identity.js';
import { launch, stopLeftover } from '../process/managed-process.js';
import type { LocalState } from '../state/local-state.js';
import { waitUntil } from '../wait-until.js';
import { KeptProcess } from './kept-process.js';
import type { ServiceStatus } from './status.js';

/** An app stops by itself within 10 s (see docs); then it is killed. */
const stopGraceMs = 10_000;
const probeLimitMs = 2_000;

export interface AppServiceOptions {
  readonly app: AppDefinition;
  readonly state: LocalState;
  readonly kafkaIsExternal: boolean;
  readonly onEvent: (message: string) => void;
}

/** One app of the list as a process that is kept alive, and can be lent to `signalbox dev`. */
export class AppService {
  private readonly kept: KeptProcess;
  private readonly recordPath: string;
  private holder: ProcessIdentity | undefined;

  constructor(private readonly options: AppServiceOptions) {
    const { app, state, onEvent } = options;
    this.recordPath = join(state.dataDir, 'run', 'apps', `${app.name}.json`);
    this.kept = new KeptProcess({
      name: app.name,
      start: () => this.launch(),
      recordPath: this.recordPath,
      stopGraceMs,
      onEvent,
    });
  }

  get name(): string {
    return this.options.app.name;
  }

  get logPath(): string {
    return join(this.options.state.dataDir, 'logs', `${this.name}.log`);
  }

  /** Ends what an earlier run left, then makes sure that nobody else has the port. */
  async prepare(): Promise<void> {
    if (!existsSync(this.mainPath)) {
      throw new SignalboxError(
        'stack_unavailable',
        `${this.name} is not built: ${this.mainPath} is missing.`,
        {
          action: 'Run `npm run build`.',
        },
      );
    }
    if (await stopLeftover(this.recordPath, stopGraceMs)) {
      this.options.onEvent(`stopped ${this.name}, left by an earlier run`);
    }
    const { port } = this.options.app;
    await assertPortFree({ port, wantedBy: this.name, variable: 'SIGNALBOX_PORT_OFFSET' });
  }

  start(): Promise<void> {
    return this.kept.start();
  }

  stop(): Promise<void> {
    return this.kept.stop();
  }

  /** Whether it answered that it is ready within the time. */
  async becameReady(limitMs: number): Promise<boolean> {
    const answer = await waitUntil(async () => ((await this.ready()) ? true : undefined), limitMs, 50);
    return answer === true;
  }

  /** Lends the app's port and group to a process that runs it from source; returns the environment for it. */
  async hold(holder: ProcessIdentity): Promise<Record<string, string | undefined>> {
    if (this.holder && isRunning(this.holder) && this.holder.pid !== holder.pid) {
      throw new SignalboxError(
        'stack_unavailable',
        `${this.name} is already run from source by pid ${this.holder.pid}.`,
        {
          action: 'End that `signalbox dev` first.',
        },
      );
    }
    this.holder = holder;
    await this.kept.stop();
    const { app, state, kafkaIsExternal } = this.options;
    return appEnvironment(app, state, kafkaIsExternal);
  }

  async release(): Promise<void> {
    this.holder = undefined;
    await this.kept.start();
  }

  /** Takes the app back when the process it was lent to has died without giving it back. */
  async takeBackIfAbandoned(): Promise<void> {
    if (!this.holder || isRunning(this.holder)) return;
    this.holder = undefined;
    await stopLeftover(this.recordPath.replace(/\.json$/, '.dev.json'), stopGraceMs);
    this.options.onEvent(`${this.name} is no longer run from source; starting it again`);
    await this.release();
  }

  async status(): Promise<ServiceStatus> {
    const { app } = this.options;
    const pid = this.kept.pid;
    return {
      name: app.name,
      kind: 'app',
      summary: app.summary,
      phase: this.holder ? 'held' : this.kept.phase,
      ready: await this.ready(),
      ...(pid === undefined ? {} : { pid }),
      address: this.url,
      restarts: this.kept.restarts,
    };
  }

  private get mainPath(): string {
    return join(repositoryDir, appMainPath(this.options.app));
  }

  private get url(): string {
    return `http://127.0.0.1:${this.options.app.port}`;
  }

  private async ready(): Promise<boolean> {
    if (this.kept.phase !== 'running' && !this.holder) return false;
    return (await httpStatus(`${this.url}${this.options.app.healthPath}`, probeLimitMs)) === 200;
  }

  private launch() {
    const { app, state, kafkaIsExternal } = this.options;
    return launch({
      name: app.name,
      command: process.execPath,
      args: appArgs(app),
      env: appEnvironment(app, state, kafkaIsExternal),
      cwd: repositoryDir,
      logPath: this.logPath,
      recordPath: this.recordPath,
    });
  }
}
