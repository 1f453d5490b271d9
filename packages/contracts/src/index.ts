export { catalogue } from './catalogue.js';
export {
  canonicalJson,
  checkData,
  checkEvent,
  checkFlat,
  currentEvent,
  decodeEvent,
  encodeEvent,
  eventFingerprint,
  eventIdentity,
  findJsonProblem,
  isEnvelope,
  parseJson,
  parseJsonObject,
  refuseEnvelope,
  traceparentOf,
  type EncodedEvent,
  type EncodedRecord,
  type EncodeOptions,
  type JsonObject,
  type RecordHeaders,
} from './codec.js';
export {
  deadLetterTopic,
  defineContract,
  defineInternalContract,
  internalTopic,
  keyOf,
  retryDelaysMs,
  retryTopic,
  type AnyContract,
  type Contract,
  type ContractDefinition,
  type ContractKind,
  type DataOf,
  type EventUpcaster,
} from './contract.js';
export {
  cloudEventsContentType,
  envelopeContentType,
  envelopeSchema,
  hopsMax,
  metadataSchema,
  type EventEnvelope,
  type EventMetadata,
} from './envelope.js';
export {
  emailAddress,
  entityId,
  httpUrl,
  isRfc3339,
  personal,
  rfc3339Ms,
  sensitivityKeyword,
  severity,
  text,
  timestamp,
  type Sensitivity,
  type Severity,
} from './fields.js';
export { contractJsonSchema, type JsonSchema } from './json-schema.js';
export { personalFields } from './personal-fields.js';
export { agentTopics, catalogueTopics, deadLetterBytesMax, eventBytesMax, type TopicSpec } from './topics.js';
export { ticketPriority, type TicketPriority } from './events/parts/ticket.js';
export * from './events/index.js';
