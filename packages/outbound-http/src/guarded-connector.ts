import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { isPublicAddress, withoutBrackets } from './address-class.js';
import type { AllowList } from './allow-list.js';
import { blockedAddress, portOf } from './check-url.js';

/** Resolves a name to all its addresses; the system's resolver unless a test brings its own. */
export type Resolver = (
  host: string,
  options: { readonly all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export interface ConnectorOptions {
  readonly allowList: AllowList;
  readonly connectTimeoutMs: number;
  readonly resolve?: Resolver;
}

/**
 * A connector for undici that refuses addresses outside the public internet unless they are listed. It checks
 * literal addresses itself, since `lookup` is never asked for those, and every address a name resolves to at the
 * moment of connecting, so that a name which changes its answer (DNS rebinding) gains nothing.
 */
export function guardedConnector(options: ConnectorOptions): buildConnector.connector {
  const { allowList, connectTimeoutMs, resolve = systemLookup as Resolver } = options;
  const open = buildConnector({ timeout: connectTimeoutMs });
  const guarded = buildConnector({ timeout: connectTimeoutMs, lookup: guardedLookup(allowList, resolve) });
  const listed = buildConnector({ timeout: connectTimeoutMs, lookup: plainLookup(resolve) });
  return (target, callback) => {
    const host = withoutBrackets(target.hostname);
    if (allowList.allowsHost(host, portOf(target))) return listed(target, callback);
    if (isIP(host) === 0) return guarded(target, callback);
    if (isPublicAddress(host) || allowList.allowsAddress(host)) return open(target, callback);
    return callback(blockedAddress(target.hostname), null);
  };
}

/** Refuses a name when any of its addresses is bad: which of them a socket takes is not ours to guess. */
function guardedLookup(allowList: AllowList, resolve: Resolver): LookupFunction {
  return (host, options, callback) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '');
      const bad = addresses.find(
        ({ address }) => !isPublicAddress(address) && !allowList.allowsAddress(address),
      );
      if (bad !== undefined || addresses.length === 0) return callback(blockedAddress(host), '');
      answer(addresses, options.all === true, callback);
    });
  };
}

function plainLookup(resolve: Resolver): LookupFunction {
  return (host, options, callback) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '');
      answer(addresses, options.all === true, callback);
    });
  };
}

function answer(addresses: LookupAddress[], all: boolean, callback: Parameters<LookupFunction>[2]): void {
  const [first] = addresses;
  if (all) return callback(null, addresses);
  if (first === undefined) return callback(Object.assign(new Error('no address'), { code: 'ENOTFOUND' }), '');
  callback(null, first.address, first.family);
}
