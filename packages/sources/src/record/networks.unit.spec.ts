import { BlockList } from 'node:net';
import { isNetwork } from './networks.js';

describe('a network', () => {
  const taken = [
    '10.0.0.1',
    '0.0.0.0/0',
    '192.30.252.0/22',
    '255.255.255.255/32',
    '::1',
    '::/0',
    '2a0a:a440::/29',
    '::ffff:10.0.0.1',
    '2001:db8::1/128',
  ];
  it.each(taken)('may be %s', (text) => expect(isNetwork(text)).toBe(true));

  it.each(taken)('%s can be held against addresses', (text) => {
    const [address = '', bits] = text.split('/');
    const family = address.includes(':') ? 'ipv6' : 'ipv4';
    const list = new BlockList();
    list.addSubnet(address, Number(bits ?? (family === 'ipv4' ? 32 : 128)), family);
    expect(list.check(address, family)).toBe(true);
  });

  it.each([
    '',
    '10.0.0',
    '10.0.0.256',
    '010.0.0.1',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0.0/8 ',
    '10.0.0.0/1e1',
    '::/129',
    '::1::',
    'fe80::1%eth0',
    'fe80::%1/64',
    'example.com',
    'localhost/8',
  ])('is never %p', (text) => expect(isNetwork(text)).toBe(false));
});
