import { SignalboxError } from '@signalbox/errors';
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { textForm } from './encoding.js';

/** What stands before the 32 bytes of an Ed25519 key in DER (RFC 8410): public, and private in PKCS 8. */
const ed25519Der = {
  public: Buffer.from('302a300506032b6570032100', 'hex'),
  private: Buffer.from('302e020100300506032b657004220420', 'hex'),
} as const;
const ed25519Bytes = 32;

const hexForm = textForm('hex', ed25519Bytes);
const base64Form = textForm('base64');

/** The Ed25519 key of 32 bytes; undefined for another length. */
export function ed25519PublicKey(raw: Uint8Array): KeyObject | undefined {
  if (raw.length !== ed25519Bytes) return undefined;
  return createPublicKey({ key: Buffer.concat([ed25519Der.public, raw]), format: 'der', type: 'spki' });
}

/** The Ed25519 private key of its 32 bytes, alone or followed by the public key. */
export function ed25519PrivateKey(raw: Uint8Array): KeyObject | undefined {
  if (raw.length !== ed25519Bytes && raw.length !== 2 * ed25519Bytes) return undefined;
  const key = Buffer.concat([ed25519Der.private, raw.subarray(0, ed25519Bytes)]);
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}

/**
 * A public key as providers show it: PEM, DER in base64, or (Ed25519) its 32 bytes in hexadecimal or base64. Undefined, or
 * a throw, for anything else and for a key of another kind.
 */
export function readPublicKey(secret: string | Uint8Array, type: 'ed25519' | 'ec'): KeyObject | undefined {
  const key = typeof secret === 'string' ? readText(secret.trim(), type) : readBytes(secret, type);
  return key?.asymmetricKeyType === type ? key : undefined;
}

function readText(text: string, type: 'ed25519' | 'ec'): KeyObject | undefined {
  // A private key would do as well and does not belong into a verifier.
  if (text.startsWith('-----BEGIN PUBLIC KEY-----')) return createPublicKey(text);
  const bytes = (type === 'ed25519' ? hexForm.read(text) : undefined) ?? base64Form.read(text);
  return bytes && readBytes(bytes, type);
}

function readBytes(bytes: Uint8Array, type: 'ed25519' | 'ec'): KeyObject | undefined {
  if (type === 'ed25519' && bytes.length === ed25519Bytes) return ed25519PublicKey(bytes);
  const key = createPublicKey({ key: Buffer.from(bytes), format: 'der', type: 'spki' });
  // OpenSSL overlooks what follows the key.
  return key.export({ format: 'der', type: 'spki' }).equals(bytes) ? key : undefined;
}

/** A private key in PEM; throws `config_invalid` for anything else. */
export function readPrivateKey(secret: string | Uint8Array, type: 'ed25519' | 'ec'): KeyObject {
  const key = tryPrivate(secret);
  if (key?.asymmetricKeyType === type) return key;
  throw new SignalboxError('config_invalid', `To sign, the private ${type} key is needed in PEM (PKCS 8).`);
}

function tryPrivate(secret: string | Uint8Array): KeyObject | undefined {
  try {
    return createPrivateKey(typeof secret === 'string' ? secret : Buffer.from(secret));
  } catch {
    return undefined;
  }
}
