import { SignalboxError } from '@signalbox/errors';

/** One `--set path=value`: `data.items.0.quantity=3`. */
export interface Assignment {
  readonly path: readonly string[];
  readonly value: unknown;
}

const stepsMax = 30;

/**
 * Reads `path=value`. Steps are separated by dots; the value is JSON where it is JSON, else text, so `score=87` sets a
 * number and `score='"87"'` a text. Throws `request_malformed`.
 */
export function parseAssignment(text: string): Assignment {
  const at = text.indexOf('=');
  const path = text.slice(0, Math.max(0, at)).split('.');
  if (at < 1 || path.some((step) => step === '') || path.length > stepsMax) {
    throw new SignalboxError('request_malformed', `--set ${text} is not path=value.`, {
      action: 'Write it like --set severity=high or --set items.0.quantity=3.',
    });
  }
  return { path, value: readValue(text.slice(at + 1)) };
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Sets a value inside JSON, making objects on the way. Returns a copy. Throws `request_malformed` inside a text or number. */
export function setPath(target: unknown, { path, value }: Assignment): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (target !== undefined && target !== null && typeof target !== 'object') {
    throw new SignalboxError('request_malformed', `--set: there is nothing to set below ${step}.`);
  }
  if (Array.isArray(target)) return setEntry(target, step, rest, value);
  const object = { ...(target as Record<string, unknown> | null | undefined) };
  // A defined property and not an assignment, so that a field named __proto__ stays a field.
  Object.defineProperty(object, step, {
    value: setPath(Object.hasOwn(object, step) ? object[step] : undefined, { path: rest, value }),
    enumerable: true,
    configurable: true,
    writable: true,
  });
  return object;
}

function setEntry(
  target: readonly unknown[],
  step: string,
  rest: readonly string[],
  value: unknown,
): unknown[] {
  const index = Number(step);
  if (!/^\d+$/.test(step) || index > target.length) {
    throw new SignalboxError(
      'request_malformed',
      `--set: ${step} is no place in a list of ${target.length}.`,
    );
  }
  const copy = [...target];
  copy[index] = setPath(copy[index], { path: rest, value });
  return copy;
}

/** Replaces `{n}` (number of the event, from 1) and `{id}` (new for each event) in every text of a value. */
export function fillIn(value: unknown, names: { readonly n: number; readonly id: string }): unknown {
  if (typeof value === 'string') return value.replaceAll('{n}', String(names.n)).replaceAll('{id}', names.id);
  if (Array.isArray(value)) return value.map((entry) => fillIn(entry, names));
  return value;
}
