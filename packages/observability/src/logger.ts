import { pino, stdTimeFunctions, type DestinationStream } from 'pino';

export type LogFields = Readonly<Record<string, unknown>>;

/** Structured logs, one JSON object a line on stdout. */
export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  child(fields: LogFields): Logger;
}

const secretNames = ['password', 'secret', 'token', 'authorization', 'cookie'];
/** At the top of the fields and one level below: deeper would cost every line. */
const redacted = [...secretNames, 'x-webhook-signature'].flatMap((name) => [`["${name}"]`, `*["${name}"]`]);

/**
 * A logger for an app: `app`, `level` as text, `time` in RFC 3339 and `msg` in each line, errors under `err` with their
 * stack. Values under the names of secrets are replaced. `destination` is for tests; left out: stdout.
 */
export function createLogger(app: string, level = 'info', destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { app },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: redacted, censor: '[redacted]' },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** Says nothing: for tests and libraries without an app. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLogger,
};
