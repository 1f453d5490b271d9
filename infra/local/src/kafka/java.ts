import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { inheritedEnvironment } from '@signalbox/config';
import { SignalboxError } from '@signalbox/errors';

const javaVersionMin = 17;

/** What to do without Java or Maven: both ways on. */
export const withoutJavaAction =
  'Either install a Java runtime (17 or newer) and Maven and start again, or bring your own Kafka: ' +
  '`docker compose up -d kafka`, then start with KAFKA_BROKERS=127.0.0.1:19092 (or any other broker).';

export interface Java {
  readonly path: string;
  /** As the runtime reports it, for example `17.0.15`. */
  readonly version: string;
}

/** Finds Java by JAVA_HOME, else on the path. Throws `stack_unavailable` when missing or too old. */
export async function findJava(env = inheritedEnvironment()): Promise<Java> {
  const path = env['JAVA_HOME'] ? join(env['JAVA_HOME'], 'bin', 'java') : findOnPath('java', env);
  const output = path === undefined ? undefined : await versionOutput(path);
  const version = /version "([^"]+)"/.exec(output ?? '')?.[1];
  if (path === undefined || version === undefined) {
    throw new SignalboxError('stack_unavailable', 'Java was not found; the local Kafka needs it.', {
      action: withoutJavaAction,
    });
  }
  if (Number.parseInt(version, 10) < javaVersionMin) {
    throw new SignalboxError(
      'stack_unavailable',
      `Java ${version} (${path}) is too old for the local Kafka.`,
      {
        action: withoutJavaAction,
      },
    );
  }
  return { path, version };
}

/** The first executable of that name on PATH. */
export function findOnPath(name: string, env: Record<string, string | undefined>): string | undefined {
  const dirs = (env['PATH'] ?? '').split(delimiter).filter((dir) => dir !== '');
  return dirs.map((dir) => join(dir, name)).find((path) => existsSync(path));
}

/** Java prints its version on standard error. */
function versionOutput(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(path, ['-version'], { timeout: 20_000 }, (error, stdout, stderr) =>
      resolve(error ? undefined : `${stdout}${stderr}`),
    );
  });
}
