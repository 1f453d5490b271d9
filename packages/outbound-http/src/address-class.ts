import ipaddr from 'ipaddr.js';
import { BlockList } from 'node:net';

/** IPv6 ranges that carry an IPv4 address and that ipaddr.js calls unicast or leaves to the reader. */
const carriers = new BlockList();
carriers.addSubnet('::', 96, 'ipv6');
carriers.addSubnet('64:ff9b::', 96, 'ipv6');
carriers.addSubnet('64:ff9b:1::', 48, 'ipv6');

/**
 * True for an address of the public internet. False for private, loopback, link-local, shared, reserved, multicast,
 * documentation and benchmark addresses, for IPv6 forms that carry an IPv4 address (mapped public ones excepted),
 * and for anything that is no address.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || !carriers.check(parsed.toNormalizedString(), 'ipv6');
}

/** An address without the brackets a URL puts around IPv6. */
export const withoutBrackets = (host: string): string => host.replace(/^\[|\]$/g, '');
