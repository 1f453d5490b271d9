import type { Logger } from '@signalbox/observability';
import type { LoggerService } from '@nestjs/common';

/** Nest's own messages in our log; its start-up chatter only at debug. */
export const nestLogger = (logger: Logger): LoggerService => ({
  log: (message: unknown, context?: unknown) => logger.debug({ context }, String(message)),
  error: (message: unknown, stack?: unknown) => logger.error({ stack }, String(message)),
  warn: (message: unknown, context?: unknown) => logger.warn({ context }, String(message)),
  debug: (message: unknown, context?: unknown) => logger.debug({ context }, String(message)),
});
