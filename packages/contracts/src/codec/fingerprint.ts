import { hash } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';

/** Bytes of a fingerprint or identity. */
export const digestBytes = 16;

/**
 * 128-bit hash of an event's type and data. The same event sent again has the same fingerprint: timestamp and metadata
 * do not enter, nor does the order of fields. `data` is a parsed JSON value.
 */
export function eventFingerprint(eventType: string, data: unknown): Buffer {
  // JSON.stringify ends the type unambiguously: a bare quote cannot occur inside it.
  return digest(`${JSON.stringify(eventType)}${canonicalJson(data)}`);
}

/** 128-bit hash of who published an event and under which id: the inbox key. (a, bc) and (ab, c) differ. */
export function eventIdentity(source: string, eventId: string): Buffer {
  return digest(`${source.length}:${source}${eventId}`);
}

/** A text first: Node makes a buffer of the whole hash outside the heap, which costs more than the hash. */
function digest(text: string): Buffer {
  const bytes = Buffer.allocUnsafe(digestBytes);
  bytes.write(hash('sha256', text, 'binary'), 0, digestBytes, 'latin1');
  return bytes;
}
