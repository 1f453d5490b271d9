import { hash } from 'node:crypto';

/** Namespace of output ids; changing it would change every id. */
const OUTPUT_NAMESPACE = Buffer.from('8b1f6a7c2f0e5d3c9a47c1e05b7d9f21', 'hex');

/** Where the names of ids are written down before they are hashed: nearly all of them fit. */
const scratch = Buffer.alloc(1_024);

/** RFC 9562 UUID version 5 of a name in a namespace of 16 bytes. */
export function uuidV5(namespace: Buffer, name: string): string {
  const lengthMax = namespace.length + name.length * 3;
  const bytes = lengthMax <= scratch.length ? scratch : Buffer.allocUnsafe(lengthMax);
  namespace.copy(bytes);
  const length = namespace.length + bytes.write(name, namespace.length);
  const hex = hash('sha1', bytes.subarray(0, length), 'hex');
  const variant = ((parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** What an output's id is derived from. The same cause always gives the same ids. */
export interface OutputOrigin {
  readonly agent: string;
  readonly handler: string;
  /** Identity of the event or timer that led to the output. */
  readonly cause: string;
}

/** Id of the `ordinal`-th (from 0) output with this type and tag (label, or record key). */
export function outputId(origin: OutputOrigin, type: string, tag: string, ordinal: number): string {
  return uuidV5(
    OUTPUT_NAMESPACE,
    JSON.stringify([origin.agent, origin.handler, origin.cause, type, tag, ordinal]),
  );
}

/** Cause of an event's outputs. */
export const eventCause = (source: string, eventId: string): string =>
  JSON.stringify(['event', source, eventId]);

/**
 * Cause of a timer's outputs: its name, its key and the event that set it. A timer that a firing has set anew is told
 * from the first by the number of firings between.
 */
export const timerCause = (
  name: string,
  kind: string,
  value: string,
  setBy: string,
  firingsBefore = 0,
): string =>
  JSON.stringify(['timer', name, kind, value, setBy, ...(firingsBefore > 0 ? [firingsBefore] : [])]);
