import { isIP } from 'node:net';
import type { ReadySource } from '@signalbox/sources';
import { TokenBuckets, type BucketLimits } from './token-buckets.js';

/** Addresses in memory: about 20 MB at most. */
const addressesMax = 100_000;
const sourcesMax = 10_000;
/** A source without a `burst` of its own may send this many seconds' worth at once. */
const burstSeconds = 10;

/**
 * How often an address may be refused and how often a source may send. An accepted webhook costs its address nothing, so
 * that one large sender is never slowed down by the limit that stops guessing and flooding.
 */
export class RateLimits {
  private readonly addresses = new TokenBuckets(addressesMax);
  private readonly sources = new TokenBuckets(sourcesMax);

  constructor(
    private readonly ofAddress: BucketLimits,
    private readonly nowMs: () => number,
  ) {}

  /** 0, or the seconds an address has to wait. Give the token back when the request turns out good. */
  takeForAddress(address: string): number {
    return this.addresses.take(siteOf(address), this.ofAddress, this.nowMs());
  }

  giveBackToAddress(address: string): void {
    this.addresses.giveBack(siteOf(address), this.ofAddress);
  }

  /** 0, or the seconds a source has to wait. */
  takeForSource({ name, limits }: Pick<ReadySource, 'name' | 'limits'>): number {
    const { ratePerSecond: perSecond, burst } = limits;
    if (perSecond === undefined) return 0;
    const full = burst ?? Math.max(1, Math.ceil(perSecond * burstSeconds));
    return this.sources.take(name, { perSecond, burst: full }, this.nowMs());
  }
}

/** IPv6 senders have a /64 to themselves: all its addresses count as one. `address` is as `normalAddress` gives it. */
function siteOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail = ''] = address.split('::');
  const [front, back] = [head, tail].map((part) => (part === '' ? [] : part.split(':'))) as [
    string[],
    string[],
  ];
  const zeros = Array.from({ length: 8 - front.length - back.length }, () => '0');
  return [...front, ...zeros, ...back].slice(0, 4).join(':');
}
