import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inheritedEnvironment } from '@signalbox/config';
import { SignalboxError } from '@signalbox/errors';
import { kafkaJarsDir, kafkaVersion, repositoryDir } from '../paths.js';
import { withFileLock } from '../process/file-lock.js';
import { findOnPath, withoutJavaAction } from './java.js';

const downloadLimitMs = 600_000;
const pomPath = join(repositoryDir, 'infra', 'local', 'kafka', 'pom.xml');
const libsDir = join(kafkaJarsDir, 'libs');

/** Class path of the pinned Kafka: server and console tools. Valid after `ensureKafkaJars`. */
export const kafkaClassPath = join(libsDir, '*');

/**
 * Fetches Kafka's jars with Maven unless they are there. The folder appears as a whole or not at all.
 * Throws `stack_unavailable` when Maven is missing or fails.
 */
export async function ensureKafkaJars(
  onProgress: (message: string) => void = () => undefined,
): Promise<void> {
  if (existsSync(libsDir)) return;
  await withFileLock(`${kafkaJarsDir}.lock`, downloadLimitMs, async () => {
    if (existsSync(libsDir)) return;
    onProgress(`fetching Apache Kafka ${kafkaVersion} with Maven (about 45 MB, once)`);
    const partDir = `${libsDir}.part`;
    rmSync(partDir, { recursive: true, force: true });
    mkdirSync(partDir, { recursive: true });
    await runMaven(partDir);
    renameSync(partDir, libsDir);
  });
}

function runMaven(outputDir: string): Promise<void> {
  const env = inheritedEnvironment();
  const maven = findOnPath('mvn', env);
  if (maven === undefined) {
    throw new SignalboxError('stack_unavailable', 'Maven (mvn) was not found; it fetches the local Kafka.', {
      action: withoutJavaAction,
    });
  }
  const args = ['-q', '-B', '-f', pomPath, 'dependency:copy-dependencies', '-DincludeScope=runtime'];
  return new Promise((resolve, reject) => {
    const options = { env, timeout: downloadLimitMs, maxBuffer: 16 * 1024 * 1024 };
    execFile(maven, [...args, `-DoutputDirectory=${outputDir}`], options, (cause, stdout, stderr) => {
      if (!cause) return resolve();
      const lines = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('ERROR'));
      reject(
        new SignalboxError(
          'stack_unavailable',
          `Maven could not fetch Kafka:\n${lines.slice(0, 8).join('\n')}`,
          {
            cause,
            action:
              'Check the network or the Maven settings (mirror, proxy) and start again, or set KAFKA_BROKERS.',
          },
        ),
      );
    });
  });
}
