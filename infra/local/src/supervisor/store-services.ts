import { join } from 'node:path';
import { startKafka } from '../kafka/kafka-server.js';
import { kafkaServes } from '../kafka/probe.js';
import { assertPortFree } from '../net/ports.js';
import { storeDirs } from '../paths.js';
import { startPostgres } from '../postgres/postgres-server.js';
import { postgresReady } from '../postgres/postmaster-file.js';
import { stopLeftover } from '../process/managed-process.js';
import type { StackSettings } from '../state/stack-settings.js';
import { KeptProcess } from './kept-process.js';
import type { ServiceStatus } from './status.js';

const stopGraceMs = 15_000;

/** Kafka or PostgreSQL, whether ours or named by settings. */
export interface StoreService {
  /** Ends what an earlier run left, then makes sure that nobody else has its ports. */
  prepare(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
  status(): Promise<ServiceStatus>;
}

export function kafkaService(settings: StackSettings, onEvent: (message: string) => void): StoreService {
  const summary = 'Apache Kafka';
  if (settings.externalKafka) {
    return external('kafka', `${summary}, named by KAFKA_BROKERS`, settings.externalKafka.brokers.join(','));
  }
  const dirs = storeDirs(settings.dataDir);
  const { kafkaPort: port, kafkaControllerPort: controllerPort, kafkaHeapMb: heapMb } = settings;
  const checkPorts = async (): Promise<void> => {
    await assertPortFree({ port, wantedBy: 'Kafka', variable: 'SIGNALBOX_KAFKA_PORT' });
    const variable = 'SIGNALBOX_KAFKA_CONTROLLER_PORT';
    await assertPortFree({ port: controllerPort, wantedBy: "Kafka's controller", variable });
  };
  const recordPath = join(dirs.runDir, 'kafka.json');
  const prepare = async (): Promise<void> => {
    if (await stopLeftover(recordPath, stopGraceMs)) onEvent('stopped kafka, left by an earlier run');
    await checkPorts();
  };
  const kept = new KeptProcess({
    name: 'kafka',
    start: () => startKafka({ dirs, port, controllerPort, heapMb, onProgress: onEvent }),
    recordPath,
    stopGraceMs,
    onEvent,
  });
  return local('kafka', summary, `127.0.0.1:${port}`, kept, prepare, () => kafkaServes(port));
}

export function postgresService(settings: StackSettings, onEvent: (message: string) => void): StoreService {
  const summary = 'PostgreSQL';
  if (settings.externalDatabaseUrl) {
    const url = new URL(settings.externalDatabaseUrl);
    return external('postgres', `${summary}, named by DATABASE_URL`, url.host + url.pathname);
  }
  const dirs = storeDirs(settings.dataDir);
  const port = settings.postgresPort;
  const checkPorts = (): Promise<void> =>
    assertPortFree({ port, wantedBy: 'PostgreSQL', variable: 'SIGNALBOX_POSTGRES_PORT' });
  const recordPath = join(dirs.runDir, 'postgres.json');
  const prepare = async (): Promise<void> => {
    if (await stopLeftover(recordPath, stopGraceMs, 'SIGINT'))
      onEvent('stopped postgres, left by an earlier run');
    await checkPorts();
  };
  const kept = new KeptProcess({
    name: 'postgres',
    start: () => startPostgres({ dirs, port, onProgress: onEvent }),
    recordPath,
    stopGraceMs,
    onEvent,
  });
  const ready = (): boolean => kept.pid !== undefined && postgresReady(dirs.postgresDir, kept.pid);
  return local('postgres', summary, `127.0.0.1:${port}`, kept, prepare, ready);
}

type Kind = 'kafka' | 'postgres';

function local(
  kind: Kind,
  summary: string,
  address: string,
  kept: KeptProcess,
  prepare: () => Promise<void>,
  ready: () => boolean | Promise<boolean>,
): StoreService {
  return {
    prepare,
    start: () => kept.start(),
    stop: () => kept.stop(),
    async status() {
      const { phase, pid, restarts } = kept;
      const isReady = phase === 'running' && (await ready());
      return {
        name: kind,
        kind,
        summary,
        phase,
        ready: isReady,
        ...(pid === undefined ? {} : { pid }),
        address,
        restarts,
      };
    },
  };
}

/** Neither started nor stopped by us, and not looked into: whether it serves shows in the apps' readiness. */
function external(kind: Kind, summary: string, address: string): StoreService {
  const status: ServiceStatus = {
    name: kind,
    kind,
    summary,
    phase: 'external',
    ready: true,
    address,
    restarts: 0,
  };
  return {
    prepare: () => Promise.resolve(),
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    status: () => Promise.resolve(status),
  };
}
