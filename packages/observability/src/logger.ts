import { pino } from 'pino';

export type LogFields = Readonly<Record<string, unknown>>;

/** Structured logs, one JSON object a line on stdout. */
export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  child(fields: LogFields): Logger;
}

const redacted = ['*.password', '*.secret', '*.token', '*.authorization', '*.cookie', '*["x-webhook-signature"]'];

/** A logger for an app. Values under the names of secrets are replaced. */
export function createLogger(app: string, level = 'info'): Logger {
  return pino({ name: app, level, redact: { paths: redacted, censor: '[redacted]' }, base: { app } });
}

/** Says nothing: for tests and libraries without an app. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLogger,
};
