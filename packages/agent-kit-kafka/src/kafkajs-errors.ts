/** What we read from an error of kafkajs; anything else gives undefined fields. */
interface KafkaJsErrorLike {
  readonly name?: unknown;
  readonly type?: unknown;
  readonly cause?: unknown;
  readonly message?: unknown;
}

const causesMax = 10;

/** kafkajs wraps what the broker said up to a few times: the innermost error. */
export function rootCause(error: unknown): unknown {
  let current = error;
  for (let depth = 0; depth < causesMax; depth += 1) {
    const cause = (current as KafkaJsErrorLike | undefined)?.cause;
    if (cause === undefined || cause === null || cause === current) return current;
    current = cause;
  }
  return current;
}

/** The broker's error type (`MESSAGE_TOO_LARGE`), or kafkajs's own name (`KafkaJSConnectionError`). */
export function kafkaErrorType(error: unknown): string {
  const root = rootCause(error) as KafkaJsErrorLike | undefined;
  if (typeof root?.type === 'string') return root.type;
  return typeof root?.name === 'string' ? root.name : 'unknown';
}

/** One line for logs and messages. */
export function kafkaErrorText(error: unknown): string {
  const root = rootCause(error) as KafkaJsErrorLike | undefined;
  return `${kafkaErrorType(error)}: ${String(root?.message ?? error)}`;
}
