/** The event codec: what of `codec/` other packages may use. */
export { canonicalJson } from './codec/canonical-json.js';
export { checkData, checkEvent, checkFlat, currentEvent } from './codec/check-event.js';
export { decodeEvent, type EncodedRecord } from './codec/decode-event.js';
export { encodeEvent, type EncodedEvent, type EncodeOptions } from './codec/encode-event.js';
export { isEnvelope, refuseEnvelope } from './codec/envelope-check.js';
export { eventFingerprint, eventIdentity } from './codec/fingerprint.js';
export { traceparentOf, type RecordHeaders } from './codec/headers.js';
export {
  findProblem as findJsonProblem,
  parseJson,
  parseJsonObject,
  type JsonObject,
} from './codec/json-body.js';
