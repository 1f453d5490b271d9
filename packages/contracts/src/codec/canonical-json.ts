/**
 * JSON text that is the same for equal values, after RFC 8785: fields sorted by UTF-16 code units, no blanks, numbers
 * as ECMAScript writes them. Takes parsed JSON; a field whose value is undefined is left out.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const object = value as Record<string, unknown>;
  let text = '';
  for (const key of sortedKeys(object)) {
    if (object[key] === undefined) continue;
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(object[key])}`;
  }
  return `{${text}}`;
}

/** Fields beyond which sorting by insertion takes longer. */
const FIELDS_FEW = 16;

/** By insertion, in place: `sort` takes a kilobyte of memory for half a dozen fields. */
function sortedKeys(object: Record<string, unknown>): string[] {
  const keys = Object.keys(object);
  if (keys.length > FIELDS_FEW) return keys.sort();
  for (let n = 1; n < keys.length; n += 1) {
    const key = keys[n] as string;
    let at = n;
    for (; at > 0 && (keys[at - 1] as string) > key; at -= 1) keys[at] = keys[at - 1] as string;
    keys[at] = key;
  }
  return keys;
}
