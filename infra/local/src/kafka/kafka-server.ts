import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inheritedEnvironment } from '@signalbox/config';
import { SignalboxError } from '@signalbox/errors';
import type { StoreDirs } from '../paths.js';
import { logTail } from '../process/log-tail.js';
import { launch, stopLeftover, type ManagedProcess } from '../process/managed-process.js';
import { waitUntil } from '../wait-until.js';
import { ensureKafkaJars, kafkaClassPath } from './jars.js';
import { findJava, type Java } from './java.js';
import { kafkaServes } from './probe.js';
import { kafkaProperties, type KafkaPorts, type KafkaProperties } from './properties.js';

/** Recovery of a large unclean log may take a while. */
const startLimitMs = 120_000;
const leftoverGraceMs = 10_000;

export interface KafkaOptions extends KafkaPorts {
  readonly dirs: StoreDirs;
  readonly heapMb?: number;
  /** Settings beside or instead of the usual ones. */
  readonly properties?: KafkaProperties;
  readonly onProgress?: (message: string) => void;
}

/**
 * Starts the broker and resolves when it serves. Data of a killed broker is recovered by Kafka itself.
 * Throws `stack_unavailable`, with the end of the broker's log when it ended by itself.
 */
export async function startKafka(options: KafkaOptions): Promise<ManagedProcess> {
  const { dirs, port } = options;
  const [java] = await Promise.all([findJava(), ensureKafkaJars(options.onProgress)]);
  const recordPath = join(dirs.runDir, 'kafka.json');
  if (await stopLeftover(recordPath, leftoverGraceMs))
    options.onProgress?.('stopped a Kafka left by an earlier run');
  mkdirSync(dirs.kafkaDir, { recursive: true });
  const logDir = join(dirs.kafkaDir, 'log');
  const propertiesPath = join(dirs.kafkaDir, 'server.properties');
  writeFileSync(propertiesPath, kafkaProperties(logDir, options, options.properties));
  if (!existsSync(join(logDir, 'meta.properties'))) await format(java, propertiesPath);
  const logPath = join(dirs.logsDir, 'kafka.log');
  const broker = await launch({
    name: 'kafka',
    command: java.path,
    args: [
      ...jvmFlags(java, dirs.kafkaDir, options.heapMb ?? 384),
      '-cp',
      kafkaClassPath,
      'kafka.Kafka',
      propertiesPath,
    ],
    env: inheritedEnvironment({ KAFKA_OPTS: undefined, JAVA_TOOL_OPTIONS: undefined }),
    cwd: dirs.kafkaDir,
    logPath,
    recordPath,
  });
  const outcome = await waitUntil(async () => {
    if (!broker.running) return 'ended';
    return (await kafkaServes(port)) ? 'serves' : undefined;
  }, startLimitMs);
  if (outcome === 'serves') return broker;
  await broker.stop(1_000);
  const why = outcome === 'ended' ? 'ended by itself' : `did not serve within ${startLimitMs / 1_000} s`;
  throw new SignalboxError('stack_unavailable', `Kafka ${why}. The end of ${logPath}:\n${logTail(logPath)}`, {
    action: `Read the log. Data that cannot be read any more is dropped by deleting ${dirs.kafkaDir}.`,
  });
}

/** First-tier compiler, serial collector and a class archive: 1.4 s instead of 3.7 s to the first answer. */
function jvmFlags(java: Java, dir: string, heapMb: number): string[] {
  const archive = join(dir, `classes-${java.version.replaceAll(/[^\w.]/g, '_')}.jsa`);
  return [
    `-Xms${Math.min(128, heapMb)}m`,
    `-Xmx${heapMb}m`,
    '-XX:TieredStopAtLevel=1',
    '-XX:+UseSerialGC',
    '-XX:+ExitOnOutOfMemoryError',
    '-Xshare:auto',
    '-Xlog:disable',
    '-Xlog:all=error:stderr',
    existsSync(archive) ? `-XX:SharedArchiveFile=${archive}` : `-XX:ArchiveClassesAtExit=${archive}`,
    '-Djava.awt.headless=true',
    '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
    '-Dorg.slf4j.simpleLogger.showDateTime=true',
    '-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS',
  ];
}

/** Gives the data folder its cluster id; safe to repeat after a kill in between. */
function format(java: Java, propertiesPath: string): Promise<void> {
  const flags = [
    '-XX:TieredStopAtLevel=1',
    '-XX:+UseSerialGC',
    '-Dorg.slf4j.simpleLogger.defaultLogLevel=error',
  ];
  const tool = [
    'kafka.tools.StorageTool',
    'format',
    '--ignore-formatted',
    '-t',
    'c2lnbmFsYm94LWxvY2FsMQ',
    '-c',
  ];
  return new Promise((resolve, reject) => {
    const args = [...flags, '-cp', kafkaClassPath, ...tool, propertiesPath];
    execFile(java.path, args, { timeout: 60_000 }, (cause, stdout, stderr) => {
      if (!cause) return resolve();
      const message = `Kafka's data folder could not be prepared:\n${`${stdout}${stderr}`.slice(-2_000)}`;
      reject(new SignalboxError('stack_unavailable', message, { cause }));
    });
  });
}
