import { logLevel, type LogEntry, type logCreator } from 'kafkajs';

export type KafkaLogEntry = LogEntry;

/** What this package writes to; the logger of @signalbox/observability fits. */
export interface KafkaLogger {
  debug(fields: Readonly<Record<string, unknown>>, message: string): void;
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

const windowMs = 10_000;
const messagesTrackedMax = 200;

/** Lets one message of a kind through in 10 s and counts the rest. */
export class RateLimit {
  private readonly seen = new Map<string, { since: number; suppressed: number }>();

  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  /** How many of this kind were held back since the last one, or undefined when this one is held back too. */
  admit(kind: string): number | undefined {
    const now = this.nowMs();
    const entry = this.seen.get(kind);
    if (entry && now - entry.since < windowMs) {
      entry.suppressed += 1;
      return undefined;
    }
    if (!entry && this.seen.size >= messagesTrackedMax) this.seen.clear();
    this.seen.set(kind, { since: now, suppressed: 0 });
    return entry?.suppressed ?? 0;
  }
}

/** Two messages that differ only in numbers are of one kind. */
const kindOf = (entry: LogEntry): string => `${entry.namespace}|${entry.log.message.replace(/\d+/g, '#')}`;

/**
 * Routes kafkajs's own logs to ours. Its errors become warnings: it calls each failed attempt an error, and what
 * matters in the end reaches the caller as a SignalboxError.
 */
export function createLogBridge(logger?: KafkaLogger, onEntry?: (entry: LogEntry) => void): logCreator {
  const limit = new RateLimit();
  return () => (entry) => {
    onEntry?.(entry);
    const suppressed = logger ? limit.admit(kindOf(entry)) : undefined;
    if (!logger || suppressed === undefined) return;
    const { message, broker, topic, partition, groupId, error } = entry.log;
    const fields = {
      kafkajs: entry.namespace,
      ...Object.fromEntries(
        Object.entries({ broker, topic, partition, groupId, error }).filter(
          ([, value]) => value !== undefined,
        ),
      ),
      ...(suppressed > 0 ? { suppressed } : {}),
    };
    if (entry.level <= logLevel.WARN) logger.warn(fields, message);
    else logger.debug(fields, message);
  };
}
