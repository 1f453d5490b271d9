import { Networks, normalAddress } from './networks.js';

describe('normalAddress', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:192.0.2.1', '192.0.2.1'],
    ['::ffff:c000:201', '192.0.2.1'],
    ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::1', '::1'],
    ['::192.0.2.1', '::c000:201'],
    ['', undefined],
    ['localhost', undefined],
    ['192.0.2.256', undefined],
    ['192.0.2.01', undefined],
    [undefined, undefined],
  ])('%s → %s', (text, normal) => expect(normalAddress(text)).toBe(normal));
});

describe('Networks', () => {
  it.each([
    ['192.30.252.0/22', '192.30.255.255', true],
    ['192.30.252.0/22', '192.31.0.0', false],
    ['192.30.252.0/22', '::ffff:192.30.252.7', true],
    ['10.0.0.1', '10.0.0.1', true],
    ['10.0.0.1', '10.0.0.2', false],
    ['0.0.0.0/0', '203.0.113.9', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['2a0a:a440::/29', '2a0a:a447::1', true],
    ['2a0a:a440::/29', '2a0a:a448::1', false],
    ['::ffff:10.0.0.0/104', '10.200.0.1', true],
    ['::ffff:10.0.0.0/104', '11.0.0.1', false],
    ['::1', '::1', true],
  ])('%s has %s: %s', (network, address, expected) => {
    expect(new Networks([network]).has(normalAddress(address) as string)).toBe(expected);
  });

  it('has nothing when it is empty', () => {
    expect(new Networks([]).has('127.0.0.1')).toBe(false);
  });
});
