export type { AppDefinition } from './apps/app-list.js';
export { kafkaClassPath } from './kafka/jars.js';
export { findJava, type Java } from './kafka/java.js';
export {
  testCluster,
  type TestBroker,
  type TestCluster,
  type TestClusterOptions,
} from './kafka/test-cluster.js';
export { localState, requireLocalState, type LocalApp, type LocalState } from './state/local-state.js';
export { stackSettings, type StackSettings } from './state/stack-settings.js';
export { stopTestStack, testStack } from './test-stack/test-stack.js';
export type { TestStack } from './test-stack/test-stack-files.js';
export { askSupervisor } from './control/control-client.js';
export { freePort } from './net/ports.js';
export { repositoryDir } from './paths.js';
export { identifyProcess, isRunning } from './process/identity.js';
export { readJsonFile, removeFile, writeJsonFile } from './process/json-file.js';
export { entryArgs, sourceFlags } from './run-source.js';
export { plannedState, runningSupervisor, type SupervisorRecord } from './state/local-state.js';
export { stopLeftovers } from './supervisor/stop-leftovers.js';
export { Supervisor, type SupervisorHooks } from './supervisor/supervisor.js';
export type { ServiceStatus, StackStatus } from './supervisor/status.js';
export { waitUntil } from './wait-until.js';
export { startKafka, type KafkaOptions } from './kafka/kafka-server.js';
export { storeDirs, type StoreDirs } from './paths.js';
export { localDatabaseUrl, startPostgres, type PostgresOptions } from './postgres/postgres-server.js';
export type { ManagedProcess } from './process/managed-process.js';
