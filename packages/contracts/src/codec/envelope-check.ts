import { SignalboxError, type ErrorPointer } from '@signalbox/errors';
import { envelopeSchema, type EventEnvelope } from '../envelope.js';
import { hasCharsMax, isRfc3339 } from '../fields.js';
import { pointersOf } from './pointers.js';

// eslint-disable-next-line no-control-regex
const controlCharacter = /[\u0000-\u001f\u007f]/;

/**
 * The verdict of `envelopeSchema`, by hand because every record of every agent passes here. A property test holds
 * the two together.
 */
export function isEnvelope(value: unknown): value is EventEnvelope {
  if (!isPlainObject(value)) return false;
  return (
    isName(value['event_id'], 255) &&
    isName(value['event_type'], 249) &&
    typeof value['timestamp'] === 'string' &&
    isRfc3339(value['timestamp']) &&
    value['data'] !== undefined &&
    isMetadata(value['metadata'])
  );
}

function isMetadata(value: unknown): boolean {
  if (!isPlainObject(value)) return false;
  const { causation_id: causationId, hops, schema_version: schemaVersion } = value;
  return (
    isName(value['source_service'], 255) &&
    isName(value['correlation_id'], 255) &&
    (causationId === undefined || isName(causationId, 255)) &&
    (hops === undefined || isWhole(hops, 0, 1_000)) &&
    (schemaVersion === undefined || isWhole(schemaVersion, 1, Number.MAX_SAFE_INTEGER))
  );
}

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isName = (value: unknown, max: number): boolean =>
  typeof value === 'string' && value.length > 0 && hasCharsMax(value, max) && !controlCharacter.test(value);

const isWhole = (value: unknown, min: number, max: number): boolean =>
  Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;

/** Throws `envelope_malformed` with what `envelopeSchema` says about it; `rename` may translate pointers. */
export function refuseEnvelope(
  value: unknown,
  rename: (pointer: string) => string = (pointer) => pointer,
): never {
  const { error } = envelopeSchema.safeParse(value);
  const pointers: ErrorPointer[] = error
    ? pointersOf(error, value).map(({ pointer, message }) => ({ pointer: rename(pointer), message }))
    : [{ pointer: '', message: 'is not an event envelope' }];
  const [first] = pointers as [ErrorPointer];
  const more = pointers.length > 1 ? ` (and ${pointers.length - 1} more)` : '';
  throw new SignalboxError('envelope_malformed', `${first.pointer || 'The body'} ${first.message}${more}.`, {
    pointers,
  });
}
