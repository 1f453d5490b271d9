import { KeyCache } from './key-cache.js';

it('reads each secret once, also one that is no key', () => {
  const asked: string[] = [];
  const cache = new KeyCache((value) => {
    asked.push(String(value));
    if (value === 'throws') throw new TypeError('no key');
    return value === 'none' ? undefined : `key of ${String(value)}`;
  });
  const secrets = ['a', 'none', 'throws'].map((value) => ({ keyId: value, value }));
  const keys = (): unknown[] => secrets.map((secret) => cache.keyOf(secret));
  expect(keys()).toEqual(['key of a', undefined, undefined]);
  expect(keys()).toEqual(['key of a', undefined, undefined]);
  expect(asked).toEqual(['a', 'none', 'throws']);
});

it('keeps the keys of different secrets apart, also under one name', () => {
  const cache = new KeyCache((value) => String(value));
  const [first, second] = ['old', 'new'].map((value) => ({ keyId: 'k', value }));
  expect(first && cache.keyOf(first)).toBe('old');
  expect(second && cache.keyOf(second)).toBe('new');
  expect(cache.tryRead('other')).toBe('other');
});
