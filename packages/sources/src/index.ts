export { readySource, type ReadySource } from './folder/ready-source.js';
export {
  SourceFolder,
  type FolderContent,
  type FolderPlaces,
  type SourceProblem,
} from './folder/source-folder.js';
export { applyMapping, type MappedData, type MappingInput } from './mapping/apply-mapping.js';
export { isNetwork } from './record/networks.js';
export { readSource } from './record/read-source.js';
export { secretVariable, unmappedTopic, type Source, type SourceForm } from './record/source.js';
export { rotateSecret, type RotatedRecord, type Rotation } from './record/rotate-secret.js';
export { sourceName } from './record/source-record.js';
export { readyMappingFor, readyMappings, type ReadyMapping } from './ready/ready-mappings.js';
export { defaultSecretVariable, secretFile, type SecretPlaces } from './secrets/resolve-secrets.js';
export { quarantineTopic, rawTopic, releasesTopic, sourceTopics } from './folder/source-topics.js';
export { readRecords, type ReadRecord } from './folder/read-records.js';
export type { ReleaseReport } from './release/release-report.js';
