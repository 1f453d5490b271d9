export { commaList, flag, hostPortList, listenPort, postgresUrl, wholeNumber } from './fields.js';
export {
  databaseSettings,
  httpSettings,
  kafkaConnection,
  kafkaSettings,
  logSettings,
  type KafkaConnection,
} from './groups.js';
export { loadSettings, type Environment } from './load-settings.js';
export { inheritedEnvironment } from './inherited-environment.js';
export { variablesWithPrefix } from './variables-with-prefix.js';
