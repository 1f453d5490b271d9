/** The longest a record takes. */
const keyIdCharsMax = 64;

/** `<name>-<tail>`: the name of a secret in its record, where a long name of a source is cut. */
export const keyIdWith = (name: string, tail: string): string =>
  `${name.slice(0, keyIdCharsMax - tail.length - 1)}-${tail}`;
