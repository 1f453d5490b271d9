import { createHash, createHmac, createVerify, timingSafeEqual, verify, type KeyObject } from 'node:crypto';
import type { SignedRequest } from '@signalbox/webhooks';

/** The signature of a request and what is signed around its body, as the shortest code would have them at hand. */
export interface Signed {
  readonly body: Buffer;
  /** In `encoding`. */
  readonly signature: string;
  readonly encoding: 'hex' | 'base64';
  readonly before: string;
  readonly after: string;
}

/** The shortest check of one signature. */
export type Check = () => boolean;

export function bareHmac(algorithm: string, key: string | Buffer, signed: Signed): Check {
  const { body, signature, encoding, before, after } = signed;
  return () => {
    const hmac = createHmac(algorithm, key);
    if (before !== '') hmac.update(before);
    hmac.update(body);
    if (after !== '') hmac.update(after);
    return timingSafeEqual(hmac.digest(), Buffer.from(signature, encoding));
  };
}

export function bareEd25519(key: KeyObject, { body, signature, encoding, before }: Signed): Check {
  return () =>
    verify(null, Buffer.concat([Buffer.from(before), body]), key, Buffer.from(signature, encoding));
}

export function bareEcdsa(key: KeyObject, { body, signature, encoding, before }: Signed): Check {
  return () =>
    createVerify('sha256').update(before).update(body).verify(key, Buffer.from(signature, encoding));
}

/** JSON at Twilio: the address names the hash of the body, and the address is signed. */
export function bareTwilio(key: string, url: string, { body, signature, encoding }: Signed): Check {
  return () => {
    const named = new RegExp('[?&]bodySHA256=([0-9a-f]{64})').exec(url)?.[1] ?? '';
    const hash = createHash('sha256').update(body).digest('hex');
    const expected = createHmac('sha1', key).update(url).digest();
    return (
      timingSafeEqual(Buffer.from(named), Buffer.from(hash)) &&
      timingSafeEqual(expected, Buffer.from(signature, encoding))
    );
  };
}

/** Mailgun: the signature has to be fetched out of the body. */
export function bareMailgun(key: string, rawBody: SignedRequest['rawBody']): Check {
  const body = Buffer.from(rawBody);
  return () => {
    const { signature } = JSON.parse(body.toString('utf8')) as {
      signature: { timestamp: string; token: string; signature: string };
    };
    const expected = createHmac('sha256', key).update(signature.timestamp).update(signature.token).digest();
    return timingSafeEqual(expected, Buffer.from(signature.signature, 'hex'));
  };
}
