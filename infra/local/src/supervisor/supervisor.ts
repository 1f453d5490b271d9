import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { SignalboxError } from '@signalbox/errors';
import { startControlServer, type ControlRequest } from '../control/control-server.js';
import { boundLog } from '../process/bounded-log.js';
import { withFileLock } from '../process/file-lock.js';
import { identifyProcess } from '../process/identity.js';
import { removeFile, writeJsonFile } from '../process/json-file.js';
import {
  plannedState,
  runningSupervisor,
  supervisorRecordPath,
  type LocalState,
  type SupervisorRecord,
} from '../state/local-state.js';
import type { StackSettings } from '../state/stack-settings.js';
import { AppService } from './app-service.js';
import type { StackPhase, StackStatus } from './status.js';
import { kafkaService, postgresService, type StoreService } from './store-services.js';

const appReadyLimitMs = 60_000;
const careEveryMs = 2_000;
const eventsMax = 200;

export interface SupervisorHooks {
  /** Hears everything that happens, one line each. */
  readonly onEvent: (message: string) => void;
  /** Runs when Kafka serves and before any app starts: makes the topics. */
  readonly beforeApps: (state: LocalState) => Promise<void>;
}

/** Runs Kafka, PostgreSQL and every app, each as a process of its own, and stops them in order. */
export class Supervisor {
  readonly state: LocalState;
  /** Resolves when `signalbox down` asks for the end. */
  readonly downAsked: Promise<void>;
  private phase: StackPhase = 'starting';
  private readonly events: string[] = [];
  private readonly stores: readonly StoreService[];
  private readonly apps: readonly AppService[];
  private control: Server | undefined;
  private care: NodeJS.Timeout | undefined;
  private askDown: () => void = () => undefined;
  private stopped: Promise<void> | undefined;

  constructor(
    private readonly settings: StackSettings,
    private readonly hooks: SupervisorHooks,
  ) {
    this.state = { ...plannedState(settings), running: true };
    const onEvent = (message: string): void => this.note(message);
    this.stores = [kafkaService(settings, onEvent), postgresService(settings, onEvent)];
    const kafkaIsExternal = settings.externalKafka !== undefined;
    this.apps = settings.apps.map(
      (app) => new AppService({ app, state: this.state, kafkaIsExternal, onEvent }),
    );
    this.downAsked = new Promise((resolve) => (this.askDown = resolve));
  }

  /**
   * Starts everything and resolves when all apps are ready or have had their time; `status` tells. Throws
   * `stack_unavailable`, and then nothing is left running.
   */
  async start(): Promise<void> {
    await this.register();
    try {
      // Apps first: a leftover should not see its stores go away.
      await allSettledOrThrow(this.apps.map((app) => app.prepare()));
      await allSettledOrThrow(this.stores.map((store) => store.prepare()));
      const [kafka, postgres] = this.stores;
      await allSettledOrThrow([
        timed(kafka?.start()).then(async (seconds) => {
          this.note(`kafka is ready (${seconds} s)`);
          this.note(`topics are ready (${await timed(this.hooks.beforeApps(this.state))} s)`);
        }),
        timed(postgres?.start()).then((seconds) => this.note(`postgres is ready (${seconds} s)`)),
      ]);
      await allSettledOrThrow(this.apps.map((app) => app.start()));
      const ready = await Promise.all(this.apps.map((app) => this.awaitReady(app)));
      if (this.phase === 'starting') this.phase = ready.every(Boolean) ? 'ready' : 'degraded';
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Apps first, at most 10 s each and all at once, then Kafka and PostgreSQL. Safe to call twice. */
  stop(): Promise<void> {
    this.stopped ??= this.stopAll();
    return this.stopped;
  }

  async status(): Promise<StackStatus> {
    const services = await Promise.all([...this.stores, ...this.apps].map((service) => service.status()));
    const settled = this.phase === 'ready' || this.phase === 'degraded';
    const ready = services.every((service) => service.ready);
    const phase = settled ? (ready ? 'ready' : 'degraded') : this.phase;
    return { phase, services, events: this.events };
  }

  private async stopAll(): Promise<void> {
    this.phase = 'stopping';
    clearInterval(this.care);
    await Promise.allSettled(this.apps.map((app) => app.stop()));
    await Promise.allSettled(this.stores.map((store) => store.stop()));
    removeFile(supervisorRecordPath(this.settings.dataDir));
    this.control?.close();
  }

  /** From here on no second supervisor starts on this folder, and commands find this one. */
  private async register(): Promise<void> {
    const { dataDir } = this.settings;
    mkdirSync(dataDir, { recursive: true });
    await withFileLock(join(dataDir, 'run', 'up.lock'), 10_000, async () => {
      const other = runningSupervisor(dataDir);
      if (other) {
        throw new SignalboxError(
          'stack_unavailable',
          `The stack runs already (pid ${other.supervisor.pid}).`,
          {
            action: 'Use it, or end it with `npx signalbox down`.',
          },
        );
      }
      const token = randomBytes(24).toString('hex');
      const { server, port } = await startControlServer(token, (request) => this.answer(request));
      this.control = server;
      const supervisor = identifyProcess(process.pid) ?? { pid: process.pid, started: '' };
      const record: SupervisorRecord = { supervisor, control: { port, token }, state: this.state };
      writeJsonFile(supervisorRecordPath(dataDir), record);
    });
    this.care = setInterval(() => this.takeCare(), careEveryMs);
  }

  private async answer(request: ControlRequest): Promise<unknown> {
    switch (request.action) {
      case 'status':
        return this.status();
      case 'down':
        this.askDown();
        return {};
      case 'hold': {
        const holder = identifyProcess(request.pid ?? 0);
        if (!holder) throw new SignalboxError('stack_unavailable', 'The process that wants the app is gone.');
        return this.app(request.app).hold(holder);
      }
      case 'release':
        return this.app(request.app).release();
      default:
        throw new SignalboxError('not_found', 'The supervisor does not know this request.');
    }
  }

  private app(name: string | undefined): AppService {
    const found = this.apps.find((app) => app.name === name);
    if (found) return found;
    throw new SignalboxError('not_found', `There is no app ${name ?? ''} in this stack.`, {
      action: `Its apps are: ${this.apps.map((app) => app.name).join(', ')}.`,
    });
  }

  private async awaitReady(app: AppService): Promise<boolean> {
    const startedMs = performance.now();
    const ready = await app.becameReady(appReadyLimitMs);
    const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
    this.note(
      ready
        ? `${app.name} is ready (${seconds} s)`
        : `${app.name} is not ready; see \`signalbox logs ${app.name}\``,
    );
    return ready;
  }

  private takeCare(): void {
    const logs = ['kafka', 'postgres', 'supervisor'].map((name) =>
      join(this.settings.dataDir, 'logs', `${name}.log`),
    );
    for (const path of [...logs, ...this.apps.map((app) => app.logPath)]) boundLog(path);
    for (const app of this.apps) {
      app.takeBackIfAbandoned().catch((error: unknown) => this.note(`${app.name}: ${String(error)}`));
    }
  }

  private note(message: string): void {
    this.events.push(message);
    if (this.events.length > eventsMax) this.events.shift();
    this.hooks.onEvent(message);
  }
}

/** Waits for all, so that nothing is still starting when the first error is handled. */
async function allSettledOrThrow(work: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

async function timed(work: Promise<unknown> | undefined): Promise<string> {
  const startedMs = performance.now();
  await work;
  return ((performance.now() - startedMs) / 1_000).toFixed(1);
}
