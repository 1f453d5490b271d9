import { SignalboxError } from '@signalbox/errors';
import { parseAllowList } from './allow-list.js';

describe('parseAllowList', () => {
  const list = parseAllowList(['LocalHost:3301', '[::1]:8080', '10.0.0.0/8', 'fd00::/8']);

  it('allows a listed host on its port alone, whatever its case', () => {
    expect(list.allowsHost('localhost', 3301)).toBe(true);
    expect(list.allowsHost('LOCALHOST', 3301)).toBe(true);
    expect(list.allowsHost('localhost', 3302)).toBe(false);
    expect(list.allowsHost('localhost.example', 3301)).toBe(false);
    expect(list.allowsHost('[::1]', 8080)).toBe(true);
    expect(list.allowsHost('::1', 8080)).toBe(true);
  });

  it('allows addresses of a listed subnet of the same family', () => {
    expect(list.allowsAddress('10.255.0.1')).toBe(true);
    expect(list.allowsAddress('::ffff:10.0.0.1')).toBe(true);
    expect(list.allowsAddress('11.0.0.1')).toBe(false);
    expect(list.allowsAddress('fd12::1')).toBe(true);
    expect(list.allowsAddress('fe80::1')).toBe(false);
    expect(list.allowsAddress('no address')).toBe(false);
  });

  it.each([
    [['localhost']],
    [['localhost:0']],
    [['localhost:70000']],
    [['http://localhost:1']],
    [['a@b:1']],
    [['10.0.0.0/40']],
    [['']],
    [new Array<string>(1_001).fill('a:1')],
  ])('refuses %j', (entries) => {
    const parse = (): unknown => parseAllowList(entries);
    expect(parse).toThrow(SignalboxError);
    expect(parse).toThrow(expect.objectContaining({ code: 'config_invalid' }));
  });
});
