/** Bytes as text, without copying them first. */
export const utf8 = ({ buffer, byteOffset, byteLength }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('utf8');

/** The value of a JSON text, or undefined when it is none. */
export function parseJson(text: Uint8Array | string): unknown {
  try {
    return JSON.parse(typeof text === 'string' ? text : utf8(text));
  } catch {
    return undefined;
  }
}

/** A member of an object; undefined for anything that is not an object or has no such member of its own. */
export function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

const stepsOf = (pointer: string): readonly string[] => pointer.split('/').slice(1);

/** What lies at an RFC 6901 pointer without escapes; undefined when nothing does. */
export const valueAt = (value: unknown, pointer: string): unknown =>
  stepsOf(pointer).reduce<unknown>(memberOf, value);

/** The value with another one at the pointer; objects on the way are made, anything else there is replaced. */
export function withValueAt(value: unknown, pointer: string, placed: unknown): unknown {
  return place(value, stepsOf(pointer), placed);
}

function place(value: unknown, [step, ...rest]: readonly string[], placed: unknown): unknown {
  if (step === undefined) return placed;
  const object = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  return { ...object, [step]: place(memberOf(object, step), rest, placed) };
}
