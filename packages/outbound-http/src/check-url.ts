import { FatalError } from '@signalbox/errors';
import { isIP } from 'node:net';
import { isPublicAddress, withoutBrackets } from './address-class.js';
import type { AllowList } from './allow-list.js';

const urlCharsMax = 2_048;

export interface UrlRules {
  readonly allowList: AllowList;
  /** Ports that may be called on public hosts. */
  readonly ports: readonly number[];
}

/**
 * Parses a URL that shall be called. Throws `outbound_blocked` for what is no http(s) URL, for credentials in it, for
 * a port that is not open to calls and for a literal address that must not be called. Names are checked when they
 * are resolved, at connect time; this is the early message.
 */
export function checkUrl(text: string, rules: UrlRules): URL {
  if (text.length > urlCharsMax) throw blocked(`The URL is longer than ${urlCharsMax} characters.`);
  if (!URL.canParse(text)) throw blocked('The address is not an absolute URL.');
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw blocked(`Scheme '${url.protocol}' is not http(s).`);
  if (url.username !== '' || url.password !== '')
    throw blocked('The URL carries credentials; send a header instead.');
  const port = portOf(url);
  if (rules.allowList.allowsHost(url.hostname, port)) return url;
  const host = withoutBrackets(url.hostname);
  const listed = isIP(host) !== 0 && rules.allowList.allowsAddress(host);
  if (isIP(host) !== 0 && !listed && !isPublicAddress(host)) throw blockedAddress(url.hostname);
  if (!listed && !rules.ports.includes(port))
    throw blocked(`Port ${port} of ${url.hostname} is not open to calls.`);
  return url;
}

/** The port a URL means, with the scheme's default filled in. */
export const portOf = (url: { readonly port: string; readonly protocol: string }): number =>
  url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);

const blocked = (message: string): FatalError => new FatalError(message, { code: 'outbound_blocked' });

/** The error for an address outside the public internet that no entry allows. */
export const blockedAddress = (host: string): FatalError =>
  blocked(`${host} is not a public address and no entry allows it.`);
