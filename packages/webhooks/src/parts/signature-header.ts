import type { WebhookHeaders } from '../scheme.js';
import { headerText, singleHeader } from '../single-header.js';
import { headerTitle, refuse, type Refused } from '../verdict.js';
import type { TextForm } from './encoding.js';

/** Where the signature stands; see `schemeSettings`. */
export interface SignatureHeaderSettings {
  readonly header: string | readonly string[];
  readonly prefix?: string | undefined;
  readonly prefixOptional?: boolean | undefined;
  readonly field?: string | undefined;
  readonly separator: ',' | ';';
  readonly timestamp?: { readonly field?: string | undefined } | undefined;
}

export interface FoundSignatures {
  readonly signatures: readonly Buffer[];
  /** The time in the same header, or undefined where it stands elsewhere. */
  readonly timestamp: string | undefined;
}

/** Signatures looked at in one request: rotation needs two, and each costs a comparison for each secret. */
const signaturesMax = 16;

export type SignatureReader = (headers: WebhookHeaders) => FoundSignatures | Refused;

const wordsFor = (settings: SignatureHeaderSettings, form: TextForm): string => {
  const { prefix, prefixOptional, field, separator, timestamp } = settings;
  if (field !== undefined) {
    const time = timestamp?.field === undefined ? '' : `${timestamp.field}=<time>${separator}`;
    return `must have the form ${time}${field}=<${form.describe}>`;
  }
  if (prefix === undefined) return `must be ${form.describe}`;
  return prefixOptional
    ? `must be ${form.describe}, with or without "${prefix}" before them`
    : `must be "${prefix}" and ${form.describe}`;
};

/** Reads the one value of a header that holds one signature. */
function plainReader(settings: SignatureHeaderSettings, form: TextForm) {
  const { prefix = '', prefixOptional = false } = settings;
  return (value: string): FoundSignatures | undefined => {
    const prefixed = value.startsWith(prefix);
    if (!prefixed && !prefixOptional) return undefined;
    const signature = form.read(prefixed ? value.slice(prefix.length) : value);
    return signature && { signatures: [signature], timestamp: undefined };
  };
}

/** Reads a header of fields, `t=1,v1=ab,v1=cd`: one time, one signature or more, and others that do not count. */
function fieldReader(settings: SignatureHeaderSettings, field: string, form: TextForm) {
  const { separator, prefix = '', timestamp } = settings;
  const signatureStart = `${field}=${prefix}`;
  const timeStart = timestamp?.field === undefined ? undefined : `${timestamp.field}=`;
  return (value: string): FoundSignatures | undefined => {
    // A blank comes from two headers joined into one.
    if (value.includes(' ')) return undefined;
    const signatures: Buffer[] = [];
    let time: string | undefined;
    for (const part of value.split(separator)) {
      if (timeStart !== undefined && part.startsWith(timeStart)) {
        if (time !== undefined) return undefined;
        time = part.slice(timeStart.length);
      } else if (part.startsWith(signatureStart)) {
        const signature = form.read(part.slice(signatureStart.length));
        if (!signature || signatures.length === signaturesMax) return undefined;
        signatures.push(signature);
      } else if (part.indexOf('=') < 1 || part.startsWith(`${field}=`)) return undefined;
    }
    const complete = signatures.length > 0 && (timeStart === undefined) === (time === undefined);
    return complete ? { signatures, timestamp: time } : undefined;
  };
}

/** A reader of the signature's header, with its refusals worded once. */
export function signatureReader(settings: SignatureHeaderSettings, form: TextForm): SignatureReader {
  const names = typeof settings.header === 'string' ? [settings.header] : settings.header;
  const title = names.map(headerTitle).join(' or ');
  const absent = refuse('signature_missing', `The header ${title} is missing.`);
  const twice = refuse('signature_invalid', `The header ${title} occurs more than once.`);
  const malformed = refuse('signature_invalid', `${title} ${wordsFor(settings, form)}.`);
  const read =
    settings.field === undefined ? plainReader(settings, form) : fieldReader(settings, settings.field, form);
  const commas = settings.field === undefined ? 'repeated' : 'allowed';
  return (headers) => {
    let all: FoundSignatures | undefined;
    for (const name of names) {
      const value = headerText(headers, name, commas);
      if (value === undefined) {
        if (singleHeader(headers, name, commas).kind === 'repeated') return twice;
        continue;
      }
      const found = read(value);
      if (!found) return malformed;
      all = all ? { ...all, signatures: [...all.signatures, ...found.signatures] } : found;
    }
    return all ?? absent;
  };
}

/** The header as a sender writes it, with one signature. */
export function writeSignature(
  settings: SignatureHeaderSettings,
  signature: string,
  timestamp: string,
): Readonly<Record<string, string>> {
  const { prefix = '', field, separator, timestamp: time } = settings;
  const name = typeof settings.header === 'string' ? settings.header : (settings.header[0] ?? '');
  if (field === undefined) return { [name]: `${prefix}${signature}` };
  const signed = `${field}=${prefix}${signature}`;
  return { [name]: time?.field === undefined ? signed : `${time.field}=${timestamp}${separator}${signed}` };
}
