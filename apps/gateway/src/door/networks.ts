import { BlockList, isIP } from 'node:net';

/** An IPv4 address written as IPv6, as a socket that listens on `::` shows it; in the spelling of URLs. */
const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

/**
 * One spelling for an address: IPv6 as in URLs (RFC 5952), an IPv4 address written as IPv6 as IPv4, without a zone
 * (`%eth0`). Undefined for what is no address.
 */
export function normalAddress(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const zone = text.indexOf('%');
  const address = zone < 0 ? text : text.slice(0, zone);
  const version = isIP(address);
  if (version !== 6) return version === 4 ? address : undefined;
  const short = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const words = mapped.exec(short);
  if (!words) return short;
  const [high, low] = [parseInt(words[1] as string, 16), parseInt(words[2] as string, 16)];
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}

/** A set of addresses and networks in CIDR notation (`192.30.252.0/22`, `2a0a:a440::/29`, `10.0.0.1`). */
export class Networks {
  private readonly list = new BlockList();

  /** `texts` are networks as `isNetwork` of the sources' records knows them. */
  constructor(texts: readonly string[]) {
    for (const text of texts) {
      const [address = '', bits] = text.split('/');
      const normal = normalAddress(address) ?? address;
      const family = isIP(normal) === 4 ? 'ipv4' : 'ipv6';
      // A mapped network such as ::ffff:10.0.0.0/104 counts its bits from the IPv6 address.
      const shift = family === 'ipv4' && isIP(address) === 6 ? 96 : 0;
      if (bits === undefined) this.list.addAddress(normal, family);
      else this.list.addSubnet(normal, Math.max(0, Number(bits) - shift), family);
    }
  }

  /** `address` as `normalAddress` gives it. */
  has(address: string): boolean {
    return this.list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
  }
}
