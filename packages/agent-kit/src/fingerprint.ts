import { createHash } from 'node:crypto';

/** A message without what differs from case to case: ids, numbers, quoted text. */
export function normaliseMessage(message: string): string {
  return message
    .slice(0, 1_000)
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/gi, '<id>')
    .replace(/(["'`]).{0,200}?\1/g, '<text>')
    .replace(/\d+/g, '<n>');
}

/** Sixteen hexadecimal digits that are the same for dead letters of one cause. */
export function deadLetterFingerprint(errorCode: string, message: string, handler: string | null): string {
  return createHash('sha256')
    .update(JSON.stringify([errorCode, normaliseMessage(message), handler]))
    .digest('hex')
    .slice(0, 16);
}
