const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/** How many members all objects of a JSON text have together: its colons outside strings. The text must be valid. */
export function countMembersInText(bytes: Uint8Array): number {
  let members = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === COLON) members += 1;
    else if (byte === QUOTE) at = endOfString(bytes, at);
  }
  return members;
}

/** The index of the quote that ends the string whose first quote is at `start`. */
export function endOfString(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}
