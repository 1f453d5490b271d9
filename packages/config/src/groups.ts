import { SignalboxError } from '@signalbox/errors';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { flag, hostPortList, listenPort, postgresUrl, wholeNumber } from './fields.js';

/** Settings of every app that talks to Kafka. */
export const kafkaSettings = z.object({
  KAFKA_BROKERS: hostPortList,
  KAFKA_CLIENT_ID: z.string().max(255).optional(),
  /** Prefix of topics and groups, where several installations share a cluster. */
  KAFKA_NAMESPACE: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, { message: 'must match [a-z0-9][a-z0-9-]{0,31}' })
    .optional(),
  KAFKA_SSL: flag.default(false),
  /** PEM file of the certificate authority, when it is not a public one. */
  KAFKA_SSL_CA_FILE_PATH: z.string().optional(),
  KAFKA_SASL_MECHANISM: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).optional(),
  KAFKA_SASL_USERNAME: z.string().optional(),
  KAFKA_SASL_PASSWORD: z.string().optional(),
});

/** How to reach Kafka, in the form every adapter takes. */
export interface KafkaConnection {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly namespace?: string;
  readonly ssl?: { readonly ca?: string };
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  };
}

/** Turns the settings into a connection; throws `config_invalid` for SASL without user or password and for an authority that cannot be read. */
export function kafkaConnection(settings: z.infer<typeof kafkaSettings>, clientId: string): KafkaConnection {
  const {
    KAFKA_SASL_MECHANISM: mechanism,
    KAFKA_SASL_USERNAME: username,
    KAFKA_SASL_PASSWORD: password,
  } = settings;
  if (mechanism && (!username || !password)) {
    throw new SignalboxError(
      'config_invalid',
      'KAFKA_SASL_MECHANISM needs KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD.',
    );
  }
  const caPath = settings.KAFKA_SSL_CA_FILE_PATH;
  return {
    brokers: settings.KAFKA_BROKERS,
    clientId: settings.KAFKA_CLIENT_ID ?? clientId,
    ...(settings.KAFKA_NAMESPACE === undefined ? {} : { namespace: settings.KAFKA_NAMESPACE }),
    ...(settings.KAFKA_SSL ? { ssl: caPath ? { ca: readAuthority(caPath) } : {} } : {}),
    ...(mechanism && username && password ? { sasl: { mechanism, username, password } } : {}),
  };
}

function readAuthority(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? 'unknown reason';
    throw new SignalboxError('config_invalid', `KAFKA_SSL_CA_FILE_PATH: cannot be read (${why}).`, { cause });
  }
}

/** Settings of every app that keeps data. TLS is part of the URL (`?sslmode=verify-full&sslrootcert=…`). */
export const databaseSettings = z.object({
  DATABASE_URL: postgresUrl,
  /** Connections of one process. */
  DATABASE_POOL_MAX: wholeNumber(1, 200).default(6),
  /** Schema for the app's tables; left out: the app's own name. */
  DATABASE_SCHEMA: z
    .string()
    .regex(/^[a-z_][a-z0-9_]{0,62}$/, { message: 'must match [a-z_][a-z0-9_]{0,62}' })
    .optional(),
});

/** Settings of every app that listens. */
export const httpSettings = z.object({
  PORT: listenPort,
  HOST: z.string().default('127.0.0.1'),
});

export const logSettings = z.object({
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});
