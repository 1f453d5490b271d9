export { createLogger, silentLogger, type LogFields, type Logger } from './logger.js';
export { createMetrics, noMetrics, type Metrics } from './metrics.js';
