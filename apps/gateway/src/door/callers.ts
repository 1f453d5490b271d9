import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { normalAddress, Networks } from './networks.js';

/** Who sends a request, proxies looked through. */
export interface Caller {
  /** As `normalAddress` gives it; empty when the connection is gone already. */
  readonly address: string;
  /** The request came over TLS: to us, or to a proxy that is trusted and says so. */
  readonly secure: boolean;
  /** Plain HTTP is taken from this connection all the same. */
  readonly plainAllowed: boolean;
}

export interface CallersParts {
  /** Proxies whose X-Forwarded-For and X-Forwarded-Proto count. */
  readonly proxies: readonly string[];
  /** Networks from which plain HTTP is taken. */
  readonly plainFrom: readonly string[];
}

interface Peer extends Caller {
  readonly isProxy: boolean;
}

/** Proxies in front of each other; a longer list is not looked through. */
const hopsMax = 16;

/** Finds out who sends a request. What a header claims counts only when a listed proxy has written it. */
export class Callers {
  private readonly proxies: Networks;
  private readonly plainFrom: Networks;
  private readonly hasProxies: boolean;
  /** Known for as long as the connection lives. */
  private readonly peers = new WeakMap<Socket, Peer>();

  constructor({ proxies, plainFrom }: CallersParts) {
    this.proxies = new Networks(proxies);
    this.plainFrom = new Networks(plainFrom);
    this.hasProxies = proxies.length > 0;
  }

  /** Undefined when a trusted proxy sends an X-Forwarded-For that is not a list of addresses. */
  of({ socket, headers }: IncomingMessage): Caller | undefined {
    const peer = this.peerOf(socket);
    if (!peer.isProxy) return peer;
    const address = this.clientOf(headers['x-forwarded-for'], peer.address);
    if (address === undefined) return undefined;
    const secure = peer.secure || lastOf(headers['x-forwarded-proto'])?.toLowerCase() === 'https';
    return { address, secure, plainAllowed: peer.plainAllowed };
  }

  /** True for a connection of a listed proxy. */
  isProxy(socket: Socket): boolean {
    return this.peerOf(socket).isProxy;
  }

  private peerOf(socket: Socket): Peer {
    const known = this.peers.get(socket);
    if (known) return known;
    const address = normalAddress(socket.remoteAddress) ?? '';
    const peer: Peer = {
      address,
      secure: 'encrypted' in socket,
      plainAllowed: address !== '' && this.plainFrom.has(address),
      isProxy: this.hasProxies && address !== '' && this.proxies.has(address),
    };
    this.peers.set(socket, peer);
    return peer;
  }

  /** From the right: each proxy appends who called it, so that the first address that is no proxy's is the client's. */
  private clientOf(header: string | string[] | undefined, peer: string): string | undefined {
    if (header === undefined) return peer;
    const hops = String(header).split(',').slice(-hopsMax).reverse();
    let client = peer;
    for (const hop of hops) {
      const address = normalAddress(withoutPort(hop.trim()));
      if (address === undefined) return undefined;
      client = address;
      if (!this.proxies.has(address)) return client;
    }
    return client;
  }
}

/** Some proxies write `203.0.113.7:4711` or `[2001:db8::1]:4711`. */
function withoutPort(text: string): string {
  const match = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(text) ?? /^(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/.exec(text);
  return match?.[1] ?? text;
}

const lastOf = (header: string | string[] | undefined): string | undefined =>
  header === undefined ? undefined : String(header).split(',').at(-1)?.trim();
