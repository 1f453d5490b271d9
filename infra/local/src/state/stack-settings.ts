import {
  commaList,
  kafkaConnection,
  kafkaSettings,
  loadSettings,
  postgresUrl,
  wholeNumber,
  type Environment,
  type KafkaConnection,
} from '@signalbox/config';
import { SignalboxError } from '@signalbox/errors';
import { z } from 'zod';
import { defaultAppListPath, readAppList, type AppDefinition } from '../apps/app-list.js';
import { defaultDataDir } from '../paths.js';

const port = wholeNumber(1, 65_535);

const schema = z.object({
  ...kafkaSettings.shape,
  KAFKA_BROKERS: kafkaSettings.shape.KAFKA_BROKERS.optional(),
  DATABASE_URL: postgresUrl.optional(),
  WEBHOOK_SECRET: z.string().optional(),
  CONTROL_TOKEN: z.string().min(16).optional(),
  INTAKE_SECRET: z.string().min(16).optional(),
  SIGNALBOX_DATA_DIR: z.string().default(defaultDataDir),
  SIGNALBOX_KAFKA_PORT: port.default(19_092),
  SIGNALBOX_KAFKA_CONTROLLER_PORT: port.default(19_093),
  SIGNALBOX_KAFKA_HEAP_MB: wholeNumber(128, 65_536).default(384),
  SIGNALBOX_POSTGRES_PORT: port.default(15_432),
  SIGNALBOX_PORT_OFFSET: wholeNumber(0, 60_000).default(0),
  SIGNALBOX_APPS: commaList.optional(),
  SIGNALBOX_APP_LIST: z.string().default(defaultAppListPath),
  SIGNALBOX_TOPIC_PARTITIONS: wholeNumber(1, 1_000).default(3),
  SIGNALBOX_TOPIC_REPLICATION: wholeNumber(1, 10).default(1),
});

/** What the local stack is told by the environment, checked. */
export interface StackSettings {
  /** Absolute path of the folder everything is written to. */
  readonly dataDir: string;
  /** The Kafka that was named by KAFKA_BROKERS; undefined: the stack starts one. */
  readonly externalKafka?: KafkaConnection;
  /** The Kafka the stack starts otherwise. */
  readonly localKafka: KafkaConnection;
  /** The PostgreSQL that was named by DATABASE_URL; undefined: the stack starts one. */
  readonly externalDatabaseUrl?: string;
  readonly kafkaPort: number;
  readonly kafkaControllerPort: number;
  readonly kafkaHeapMb: number;
  readonly postgresPort: number;
  readonly webhookSecret?: string;
  readonly controlToken?: string;
  readonly intakeSecret?: string;
  /** The apps to run, ports with SIGNALBOX_PORT_OFFSET added. */
  readonly apps: readonly AppDefinition[];
  /** Every app of the list, also those that SIGNALBOX_APPS leaves out. */
  readonly allApps: readonly AppDefinition[];
  readonly topics: { readonly partitions: number; readonly replication: number };
}

/** Throws `config_invalid` that names the variable. */
export function stackSettings(env?: Environment): StackSettings {
  const values = loadSettings(schema, env);
  const { KAFKA_BROKERS: brokers, DATABASE_URL: databaseUrl, WEBHOOK_SECRET: secret } = values;
  const offset = values.SIGNALBOX_PORT_OFFSET;
  const allApps = readAppList(values.SIGNALBOX_APP_LIST).map((app) => ({ ...app, port: app.port + offset }));
  return Object.freeze({
    dataDir: values.SIGNALBOX_DATA_DIR,
    ...(brokers
      ? { externalKafka: kafkaConnection({ ...values, KAFKA_BROKERS: brokers }, 'signalbox') }
      : {}),
    localKafka: localKafka(values),
    ...(databaseUrl ? { externalDatabaseUrl: databaseUrl } : {}),
    kafkaPort: values.SIGNALBOX_KAFKA_PORT,
    kafkaControllerPort: values.SIGNALBOX_KAFKA_CONTROLLER_PORT,
    kafkaHeapMb: values.SIGNALBOX_KAFKA_HEAP_MB,
    postgresPort: values.SIGNALBOX_POSTGRES_PORT,
    ...(secret ? { webhookSecret: secret } : {}),
    ...(values.CONTROL_TOKEN ? { controlToken: values.CONTROL_TOKEN } : {}),
    ...(values.INTAKE_SECRET ? { intakeSecret: values.INTAKE_SECRET } : {}),
    apps: chooseApps(allApps, values.SIGNALBOX_APPS),
    allApps,
    topics: {
      partitions: values.SIGNALBOX_TOPIC_PARTITIONS,
      replication: values.SIGNALBOX_TOPIC_REPLICATION,
    },
  });
}

/** Plain text and no users: it listens on this machine only. */
function localKafka(values: z.infer<typeof schema>): KafkaConnection {
  const brokers = [`127.0.0.1:${values.SIGNALBOX_KAFKA_PORT}`];
  const plain = { KAFKA_SSL: false, KAFKA_SASL_MECHANISM: undefined };
  return kafkaConnection({ ...values, ...plain, KAFKA_BROKERS: brokers }, 'signalbox');
}

function chooseApps(
  all: readonly AppDefinition[],
  names: readonly string[] | undefined,
): readonly AppDefinition[] {
  const unknown = names?.filter((name) => !all.some((app) => app.name === name)) ?? [];
  if (unknown.length > 0) {
    throw new SignalboxError('config_invalid', `SIGNALBOX_APPS names unknown apps: ${unknown.join(', ')}.`, {
      action: `Known are: ${all.map((app) => app.name).join(', ')}.`,
    });
  }
  return names ? all.filter((app) => names.includes(app.name)) : all;
}
