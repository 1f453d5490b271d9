import { join } from 'node:path';
import type { Environment, KafkaConnection } from '@signalbox/config';
import { SignalboxError } from '@signalbox/errors';
import { localDatabaseUrl } from '../postgres/postgres-server.js';
import { isRunning, type ProcessIdentity } from '../process/identity.js';
import { readJsonFile } from '../process/json-file.js';
import { localControlToken, localIntakeSecret, localWebhookSecret } from './secrets.js';
import { stackSettings, type StackSettings } from './stack-settings.js';

export interface LocalApp {
  readonly name: string;
  readonly summary: string;
  readonly port: number;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Short name of the agent or connector, where the app is one. */
  readonly agent?: string;
}

/** Where the pieces of the local stack are; what a command needs to talk to them. */
export interface LocalState {
  /** Absolute path of `.signalbox`. */
  readonly dataDir: string;
  /** Whether a supervisor runs. Kafka and Postgres may be reachable without one when they are named by settings. */
  readonly running: boolean;
  readonly kafka: KafkaConnection;
  /** The same as `kafka.brokers`. */
  readonly brokers: readonly string[];
  readonly databaseUrl: string;
  readonly gatewayUrl: string;
  readonly webhookSecret: string;
  /** What the agents' control APIs take. */
  readonly controlToken: string;
  /** Signs events sent to agents' own addresses. */
  readonly intakeSecret: string;
  readonly apps: readonly LocalApp[];
}

/** What a supervisor writes down for as long as it runs. */
export interface SupervisorRecord {
  readonly supervisor: ProcessIdentity;
  readonly control: { readonly port: number; readonly token: string };
  readonly state: LocalState;
}

export const supervisorRecordPath = (dataDir: string): string => join(dataDir, 'run', 'supervisor.json');

/** The record of the supervisor that runs now, if one does. */
export function runningSupervisor(dataDir: string): SupervisorRecord | undefined {
  const record = readJsonFile<SupervisorRecord>(supervisorRecordPath(dataDir));
  return record && isRunning(record.supervisor) ? record : undefined;
}

/**
 * Where the stack is: as the running supervisor wrote it down, else as it would come up with the present settings.
 * KAFKA_BROKERS, DATABASE_URL, WEBHOOK_SECRET, CONTROL_TOKEN and INTAKE_SECRET win in both cases. Throws `config_invalid`.
 */
export function localState(env?: Environment): LocalState {
  const settings = stackSettings(env);
  const running = runningSupervisor(settings.dataDir)?.state;
  if (!running) return plannedState(settings);
  const kafka = settings.externalKafka ?? running.kafka;
  return {
    ...running,
    kafka,
    brokers: kafka.brokers,
    databaseUrl: settings.externalDatabaseUrl ?? running.databaseUrl,
    webhookSecret: settings.webhookSecret ?? running.webhookSecret,
    controlToken: settings.controlToken ?? running.controlToken,
    intakeSecret: settings.intakeSecret ?? running.intakeSecret,
  };
}

/** As `localState`, but throws `stack_unavailable` when nothing was started and no Kafka is named by settings. */
export function requireLocalState(env?: Environment): LocalState {
  const state = localState(env);
  if (!state.running && !stackSettings(env).externalKafka) {
    throw new SignalboxError('stack_unavailable', 'The local stack is not running.', {
      action: 'Start it with `npm start` (or `npx signalbox up --detach`), or set KAFKA_BROKERS.',
    });
  }
  return state;
}

/** What a stack with these settings looks like; `running` is false. */
export function plannedState(settings: StackSettings): LocalState {
  const kafka = settings.externalKafka ?? {
    brokers: [`127.0.0.1:${settings.kafkaPort}`],
    clientId: 'signalbox',
  };
  const apps = settings.apps.map(({ name, summary, port, agent }) => ({
    name,
    summary,
    port,
    url: `http://127.0.0.1:${port}`,
    ...(agent ? { agent } : {}),
  }));
  return {
    dataDir: settings.dataDir,
    running: false,
    kafka,
    brokers: kafka.brokers,
    databaseUrl: settings.externalDatabaseUrl ?? localDatabaseUrl(settings.postgresPort),
    gatewayUrl: apps.find(({ name }) => name === 'gateway')?.url ?? 'http://127.0.0.1:3000',
    webhookSecret: settings.webhookSecret ?? localWebhookSecret(settings.dataDir),
    controlToken: settings.controlToken ?? localControlToken(settings.dataDir),
    intakeSecret: settings.intakeSecret ?? localIntakeSecret(settings.dataDir),
    apps,
  };
}
