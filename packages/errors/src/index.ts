export { errorCodes, type ErrorCode, type ErrorCodeInfo, type Retry } from './codes.js';
export {
  FatalError,
  RetryAfterError,
  SignalboxError,
  errorCodeOf,
  type ErrorDetails,
  type ErrorPointer,
} from './signalbox-error.js';
