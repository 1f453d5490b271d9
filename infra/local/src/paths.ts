import { join, resolve } from 'node:path';

/** The folder of the repository; the same from `src` and from `dist`. */
export const repositoryDir = resolve(__dirname, '..', '..', '..');

/** Everything the stack writes lies below this folder, which is not committed. */
export const defaultDataDir = join(repositoryDir, '.signalbox');

/** Pinned together with infra/local/kafka/pom.xml and docker-compose.yml; a test holds them equal. */
export const kafkaVersion = '4.3.0';

/** Jars are shared by all stacks of this checkout. */
export const kafkaJarsDir = join(defaultDataDir, 'kafka', kafkaVersion);

/** The files of one Kafka and one Postgres. */
export interface StoreDirs {
  readonly kafkaDir: string;
  readonly postgresDir: string;
  readonly logsDir: string;
  readonly runDir: string;
}

export function storeDirs(dataDir: string): StoreDirs {
  return {
    kafkaDir: join(dataDir, 'kafka-data'),
    postgresDir: join(dataDir, 'postgres-data'),
    logsDir: join(dataDir, 'logs'),
    runDir: join(dataDir, 'run'),
  };
}
