import type { IncomingMessage } from 'node:http';

/**
 * The address the sender called, for schemes that sign it: the gateway's public address (GATEWAY_PUBLIC_URL) and the
 * path and query of the request; without that setting what the Host header says.
 */
export function calledUrl(
  publicUrl: string | undefined,
  { url = '/', headers }: IncomingMessage,
  secure: boolean,
): string {
  if (publicUrl !== undefined) return `${publicUrl}${url}`;
  const scheme = secure ? 'https' : 'http';
  return `${scheme}://${headers.host ?? 'localhost'}${url}`;
}
