import type { IncomingMessage } from 'node:http';
import type { ReadySource } from '@signalbox/sources';
import { problem, type Problem } from '../problem/problem.js';
import type { Caller, Callers } from './callers.js';
import { Networks } from './networks.js';
import type { RateLimits } from './rate-limits.js';

export interface GateParts {
  readonly callers: Callers;
  readonly rates: RateLimits;
}

export type Passage =
  | { readonly caller: Caller; readonly refusal?: undefined }
  | { readonly caller: Caller; readonly refusal: Problem };

const nobody: Caller = Object.freeze({ address: '', secure: false, plainAllowed: false });

const unreadable = problem('request_malformed', 'X-Forwarded-For is not a list of addresses.');
const plain = problem('https_required', 'This gateway is called over HTTPS.');

/** Who may come to the door at all: over TLS, not too often, and for some sources only from their networks. */
export class Gate {
  private readonly networks = new WeakMap<ReadySource, Networks>();

  constructor(private readonly parts: GateParts) {}

  /** Looks at a request before anything is read of it. A request that turns out good is given back with `wasGood`. */
  enter(request: IncomingMessage): Passage {
    const caller = this.parts.callers.of(request);
    if (!caller) return { caller: nobody, refusal: unreadable };
    if (!caller.secure && !caller.plainAllowed) return { caller, refusal: plain };
    const waitSeconds = this.parts.rates.takeForAddress(caller.address);
    return waitSeconds === 0 ? { caller } : { caller, refusal: tooMany('this address', waitSeconds) };
  }

  /** False when the source has networks and the caller is in none of them. */
  admits(source: ReadySource, { address }: Caller): boolean {
    if (source.networks === undefined) return true;
    let networks = this.networks.get(source);
    if (!networks) this.networks.set(source, (networks = new Networks(source.networks)));
    return address !== '' && networks.has(address);
  }

  /** Why a verified webhook has to wait, or undefined. */
  tooManyOf(source: ReadySource): Problem | undefined {
    const waitSeconds = this.parts.rates.takeForSource(source);
    return waitSeconds === 0 ? undefined : tooMany('this source', waitSeconds);
  }

  /** The request was in order: it does not count against its address. */
  wasGood(address: string): void {
    this.parts.rates.giveBackToAddress(address);
  }
}

const tooMany = (whom: string, retryAfterSeconds: number): Problem =>
  problem('rate_limited', `There are too many requests of ${whom}.`, { retryAfterSeconds });
