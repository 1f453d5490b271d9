import { SignalboxError } from '@signalbox/errors';
import ipaddr from 'ipaddr.js';
import { withoutBrackets } from './address-class.js';

/** Entries one list may hold. */
const entriesMax = 1_000;

type Subnet = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** What may be called although it is not public, or not on a usual port. */
export interface AllowList {
  /** The host (name or address, as written in the URL) with this port is listed. */
  allowsHost(host: string, port: number): boolean;
  /** The address lies in a listed subnet. */
  allowsAddress(address: string): boolean;
}

/**
 * Reads entries of the forms `host:port`, `[v6]:port` and `address/prefix`. Throws `config_invalid` for anything else
 * and for more than 1,000 entries.
 */
export function parseAllowList(entries: readonly string[]): AllowList {
  if (entries.length > entriesMax) {
    throw new SignalboxError(
      'config_invalid',
      `The allow-list holds ${entries.length} entries, at most ${entriesMax}.`,
    );
  }
  const hosts = new Set<string>();
  const subnets: Subnet[] = [];
  for (const entry of entries) {
    if (ipaddr.isValidCIDR(entry)) subnets.push(ipaddr.parseCIDR(entry));
    else hosts.add(hostPort(entry));
  }
  return {
    allowsHost: (host, port) => hosts.has(`${withoutBrackets(host).toLowerCase()} ${port}`),
    allowsAddress: (address) =>
      ipaddr.isValid(address) && subnets.some((subnet) => contains(subnet, address)),
  };
}

function hostPort(entry: string): string {
  const match = /^(\[[0-9a-f:.]+\]|[^\s:/@[\]]+):(\d{1,5})$/i.exec(entry);
  const port = Number(match?.[2]);
  if (!match?.[1] || port < 1 || port > 65_535) {
    throw new SignalboxError(
      'config_invalid',
      `'${entry}' is neither host:port nor a subnet such as 10.0.0.0/8.`,
    );
  }
  return `${withoutBrackets(match[1]).toLowerCase()} ${port}`;
}

function contains([network, prefix]: Subnet, address: string): boolean {
  const parsed = ipaddr.process(address);
  return parsed.kind() === network.kind() && parsed.match(network, prefix);
}
