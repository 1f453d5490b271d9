import type { AnyContract } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import { dataBytesMax, evaluateMsMax, eventsPerWebhookMax } from './bounds.js';
import type { CompiledRule } from './compile-mapping.js';
import type { Expression } from './expression.js';

/** What a mapping sees of a webhook. */
export interface MappingInput {
  /** Parsed: JSON, or the fields of a form. */
  readonly payload: unknown;
  /** In lower case, credentials removed; in expressions `$headers`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The provider's name of the event, where it has one; in expressions `$event`. */
  readonly event: string | undefined;
  /** The source's name; in expressions `$source`. */
  readonly source: string;
}

/** An event as a mapping gives it: not yet checked against its contract. */
export interface MappedData {
  readonly contract: AnyContract;
  readonly data: unknown;
  /** Tells it from the other events of its webhook; empty for the only one of a rule without `each` and `id`. */
  readonly label: string;
  readonly timestamp?: string;
  readonly correlationId?: string;
}

/**
 * The events a webhook means, in the order of rules and entries; none when no rule fits. The same input always gives the
 * same. Rejects with `mapping_failed` that names the rule's field, with `overloaded` when it takes too long.
 */
export async function applyMapping(
  rules: readonly CompiledRule[],
  input: MappingInput,
): Promise<readonly MappedData[]> {
  const { payload, headers, event, source } = input;
  const bindings = { headers, event, source, payload };
  const made: MappedData[] = [];
  const untilMs = performance.now() + evaluateMsMax;
  for (const rule of rules) {
    if (rule.when && (await rule.when.evaluate(payload, bindings)) !== true) continue;
    const entries = rule.each ? listOf(await rule.each.evaluate(payload, bindings)) : [payload];
    for (const [at, entry] of entries.entries()) {
      if (made.length >= eventsPerWebhookMax) {
        throw failed(rule.where, `the webhook makes more than ${eventsPerWebhookMax} events`);
      }
      if (performance.now() > untilMs) {
        throw new SignalboxError('overloaded', `The mapping took longer than ${evaluateMsMax} ms.`);
      }
      made.push(await makeEvent(rule, entry, { ...bindings, index: at }, made.length));
    }
  }
  return made;
}

async function makeEvent(
  rule: CompiledRule,
  entry: unknown,
  bindings: Readonly<Record<string, unknown>>,
  count: number,
): Promise<MappedData> {
  const data = await rule.data.evaluate(entry, bindings);
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw failed(`${rule.where}.data`, 'gives no object');
  }
  if (Buffer.byteLength(JSON.stringify(data)) > dataBytesMax)
    throw failed(`${rule.where}.data`, 'gives too much');
  const own = await textOf(rule.id, 'id', rule, entry, bindings);
  const timestamp = await textOf(rule.timestamp, 'timestamp', rule, entry, bindings);
  const correlationId = await textOf(rule.correlationId, 'correlation_id', rule, entry, bindings);
  return {
    contract: rule.contract,
    data,
    label: own ?? (count === 0 && !rule.each ? '' : String(count + 1)),
    ...(timestamp === undefined ? {} : { timestamp }),
    ...(correlationId === undefined ? {} : { correlationId }),
  };
}

/** The value of an optional expression, which must be text (a number is written as such); none when it gives nothing. */
async function textOf(
  expression: Expression | undefined,
  name: string,
  rule: CompiledRule,
  entry: unknown,
  bindings: Readonly<Record<string, unknown>>,
): Promise<string | undefined> {
  const value = await expression?.evaluate(entry, bindings);
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw failed(`${rule.where}.${name}`, 'gives no text');
}

/** JSONata gives a list of one as its entry and an empty one as nothing. */
function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function failed(pointer: string, why: string): SignalboxError {
  return new SignalboxError('mapping_failed', `${pointer}: ${why}.`, {
    pointers: [{ pointer, message: why }],
  });
}
