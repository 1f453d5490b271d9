import type { Answer, ChallengeRequest } from '../challenge.js';
import { singleHeader } from '../single-header.js';

const name = 'x-hook-secret';
const secretForm = /^[\x21-\x2b\x2d-\x7e]{1,256}$/;

/** https://developers.asana.com/docs/webhooks-guide#the-webhook-handshake */
export function asana({ method, headers }: ChallengeRequest): Answer | undefined {
  const header = singleHeader(headers, name);
  if (method !== 'POST' || header.kind !== 'one' || !secretForm.test(header.value)) return undefined;
  return { status: 200, headers: { [name]: header.value }, body: '', handedSecret: header.value };
}
