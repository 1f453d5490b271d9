import { isIP } from 'node:net';
import { z } from 'zod';

/** A network in CIDR notation, or one address. */
export const network = z.string().refine(isNetwork, {
  message: 'must be an address or a network such as 192.30.252.0/22 or 2a0a:a440::/29',
});

/** True for an address, or a network in CIDR notation. */
export function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  // A zone (fe80::1%eth0) names an interface of one machine and is no part of a network.
  if (version === 0 || more.length > 0 || address.includes('%')) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}
