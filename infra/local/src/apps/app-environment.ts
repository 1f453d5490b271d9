import { inheritedEnvironment } from '@signalbox/config';
import { SignalboxError } from '@signalbox/errors';
import { repositoryDir } from '../paths.js';
import type { LocalState } from '../state/local-state.js';
import type { AppDefinition } from './app-list.js';

/** Settings that belong to a Kafka named by KAFKA_BROKERS: the local one has neither TLS nor users. */
const externalKafkaVariables = [
  'KAFKA_SSL',
  'KAFKA_SSL_CA_FILE_PATH',
  'KAFKA_SASL_MECHANISM',
  'KAFKA_SASL_USERNAME',
  'KAFKA_SASL_PASSWORD',
];

/** The variables an app gets on top of those the stack itself was started with. */
export function appVariables(app: AppDefinition, state: LocalState): Record<string, string> {
  const own = Object.entries(app.environment).map(([name, text]) => [name, fillIn(app, text, state)]);
  return {
    PORT: String(app.port),
    HOST: '127.0.0.1',
    ...(app.needs.includes('kafka') ? { KAFKA_BROKERS: state.brokers.join(',') } : {}),
    ...(app.needs.includes('postgres') ? { DATABASE_URL: state.databaseUrl } : {}),
    ...(app.agent ? { CONTROL_TOKEN: state.controlToken, INTAKE_SECRET: state.intakeSecret } : {}),
    ...(Object.fromEntries(own) as Record<string, string>),
  };
}

/** The whole environment of an app's process. */
export function appEnvironment(
  app: AppDefinition,
  state: LocalState,
  kafkaIsExternal: boolean,
): Record<string, string | undefined> {
  const removed = kafkaIsExternal ? [] : externalKafkaVariables.flatMap((name) => [name, `${name}_FILE`]);
  return inheritedEnvironment({
    ...Object.fromEntries(removed.map((name) => [name, undefined])),
    ...appVariables(app, state),
  });
}

function fillIn(app: AppDefinition, text: string, state: LocalState): string {
  return text.replaceAll(/\{([^}]+)\}/g, (_whole, name: string) => {
    const value = placeholder(name, state);
    if (value !== undefined) return value;
    throw new SignalboxError('config_invalid', `infra/apps.json: ${app.name} uses the unknown {${name}}.`);
  });
}

function placeholder(name: string, state: LocalState): string | undefined {
  if (name.startsWith('url:')) return state.apps.find((app) => app.name === name.slice('url:'.length))?.url;
  const known: Record<string, string> = {
    gatewayUrl: state.gatewayUrl,
    webhookSecret: state.webhookSecret,
    controlToken: state.controlToken,
    dataDir: state.dataDir,
    repositoryDir,
  };
  return known[name];
}
