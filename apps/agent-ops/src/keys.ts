import { createHash } from 'node:crypto';

/** Longest `<service>…<environment>` that is kept whole, in characters; contracts and state keys take 255. */
const placeCharsMax = 200;
const hashChars = 32;

/** What must not stand in a part of an id: the characters that separate the parts, the escape sign, control characters. */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const reserved = /[%/\u0000-\u001f\u007f]/g;

/** State key of a service in an environment: `<service>/<environment>`. Two pairs never share a key. */
export function serviceKey(service: string, environment: string): string {
  return bounded(`${escaped(service, reserved)}/${escaped(environment, reserved)}`);
}

/**
 * `inc-<service>-<environment>-<sequence>`. A `-` in the environment is written `%2D`: read from the right the parts are
 * told apart, so incidents of `pay` in `eu-prod` and of `pay-eu` in `prod` do not share an id.
 */
export function incidentId(service: string, environment: string, sequence: number): string {
  const place = `${escaped(service, reserved)}-${escaped(environment, new RegExp(`-|${reserved.source}`, 'g'))}`;
  return `inc-${bounded(place)}-${sequence}`;
}

const escaped = (part: string, signs: RegExp): string =>
  part.replace(signs, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);

/** Ids that are too long keep their beginning; a hash of the whole tells them apart. */
function bounded(id: string): string {
  if (id.length <= placeCharsMax) return id;
  const hash = createHash('sha256').update(id).digest('hex').slice(0, hashChars);
  return `${wellFormed(id.slice(0, placeCharsMax - hashChars - 1))}~${hash}`;
}

/** A cut may go through a pair of code units: half a character is dropped. */
const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '');
