import type { IncomingMessage } from 'node:http';
import { Callers, type CallersParts } from './callers.js';

const parts: CallersParts = {
  proxies: ['10.0.0.0/8', '2001:db8:ffff::/48'],
  plainFrom: ['127.0.0.0/8', '::1'],
};

interface Asked {
  readonly from: string;
  readonly forwarded?: string;
  readonly proto?: string;
  readonly tls?: boolean;
}

/** What a request looks like, as far as it is looked at here. */
function requestOf({ from, forwarded, proto, tls = false }: Asked): IncomingMessage {
  return {
    socket: { remoteAddress: from, ...(tls ? { encrypted: true } : {}) },
    headers: { 'x-forwarded-for': forwarded, 'x-forwarded-proto': proto },
  } as unknown as IncomingMessage;
}

const callerOf = (asked: Asked, given = parts) => new Callers(given).of(requestOf(asked));

describe('Callers', () => {
  it.each<[string, Asked, string]>([
    ['without a proxy the peer', { from: '203.0.113.7' }, '203.0.113.7'],
    ['a mapped peer', { from: '::ffff:203.0.113.7' }, '203.0.113.7'],
    ['an untrusted peer, whatever it claims', { from: '203.0.113.7', forwarded: '192.0.2.1' }, '203.0.113.7'],
    ['behind a proxy the client', { from: '10.0.0.1', forwarded: '203.0.113.7' }, '203.0.113.7'],
    [
      'behind two proxies the client',
      { from: '10.0.0.1', forwarded: '203.0.113.7, 10.2.3.4' },
      '203.0.113.7',
    ],
    [
      'not what the client itself put in front',
      { from: '10.0.0.1', forwarded: '192.0.2.1, 203.0.113.7' },
      '203.0.113.7',
    ],
    ['a client in the network of the proxies', { from: '10.0.0.1', forwarded: '10.9.9.9' }, '10.9.9.9'],
    ['with a port', { from: '10.0.0.1', forwarded: '203.0.113.7:4711' }, '203.0.113.7'],
    ['IPv6 with a port', { from: '10.0.0.1', forwarded: '[2001:db8::7]:4711' }, '2001:db8::7'],
    ['behind an IPv6 proxy', { from: '2001:db8:ffff::1', forwarded: '2001:DB8::7' }, '2001:db8::7'],
    ['a proxy that says nothing', { from: '10.0.0.1' }, '10.0.0.1'],
    ['a mapped client', { from: '10.0.0.1', forwarded: '::ffff:203.0.113.7' }, '203.0.113.7'],
  ])('%s', (_, asked, address) => expect(callerOf(asked)?.address).toBe(address));

  it.each(['unknown', '', 'a, b', '203.0.113.7,', '203.0.113.999', '<script>'])(
    'cannot read "%s" of a trusted proxy',
    (forwarded) => expect(callerOf({ from: '10.0.0.1', forwarded })).toBeUndefined(),
  );

  it('does not look through more than 16 proxies', () => {
    const forwarded = ['203.0.113.7', ...Array.from({ length: 20 }, (_, n) => `10.0.0.${n}`)].join(', ');
    expect(callerOf({ from: '10.0.0.1', forwarded })?.address).toBe('10.0.0.4');
  });

  it.each<[string, Asked, boolean]>([
    ['TLS to us', { from: '203.0.113.7', tls: true }, true],
    ['plain', { from: '203.0.113.7' }, false],
    ['plain, whatever it claims', { from: '203.0.113.7', proto: 'https' }, false],
    ['TLS to the proxy', { from: '10.0.0.1', proto: 'https' }, true],
    ['TLS to the last of several proxies', { from: '10.0.0.1', proto: 'http, HTTPS' }, true],
    ['plain to the proxy', { from: '10.0.0.1', proto: 'http' }, false],
    ['plain to the last of several', { from: '10.0.0.1', proto: 'https, http' }, false],
    ['a proxy that does not say', { from: '10.0.0.1' }, false],
  ])('%s: secure %s', (_, asked, secure) => expect(callerOf(asked)?.secure).toBe(secure));

  it('takes plain HTTP from listed networks, by the peer and not by what it claims', () => {
    expect(callerOf({ from: '127.0.0.1' })?.plainAllowed).toBe(true);
    expect(callerOf({ from: '::1' })?.plainAllowed).toBe(true);
    expect(callerOf({ from: '::ffff:127.0.0.9' })?.plainAllowed).toBe(true);
    expect(callerOf({ from: '10.0.0.1', forwarded: '127.0.0.1' })?.plainAllowed).toBe(false);
    expect(callerOf({ from: '127.0.0.1' }, { ...parts, plainFrom: [] })?.plainAllowed).toBe(false);
  });

  it('knows a proxy by its connection', () => {
    const callers = new Callers(parts);
    expect(callers.isProxy(requestOf({ from: '10.1.2.3' }).socket)).toBe(true);
    expect(callers.isProxy(requestOf({ from: '203.0.113.7', forwarded: '10.0.0.1' }).socket)).toBe(false);
  });

  it('has no address for a connection that is gone', () => {
    const gone = { socket: {}, headers: {} } as unknown as IncomingMessage;
    expect(new Callers(parts).of(gone)).toEqual(
      expect.objectContaining({ address: '', secure: false, plainAllowed: false }),
    );
  });
});
