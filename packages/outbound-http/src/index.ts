export { isPublicAddress } from './address-class.js';
export { type Resolver } from './guarded-connector.js';
export {
  createOutboundHttp,
  type OutboundHttp,
  type OutboundHttpOptions,
  type OutboundRequest,
  type OutboundResponse,
} from './outbound-http.js';
export { parseRetryAfter } from './retry-after.js';
export { withTimeLimit } from './with-time-limit.js';
