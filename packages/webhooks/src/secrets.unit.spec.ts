import { activeSecrets } from './secrets.js';

describe('activeSecrets', () => {
  const always = { keyId: 'always', value: 'a' };
  const later = { keyId: 'later', value: 'b', activeFromMs: 1_000 };
  const until = { keyId: 'until', value: 'c', activeUntilMs: 1_000 };

  it('counts a secret from its first millisecond on', () => {
    expect(activeSecrets([later], 999)).toEqual([]);
    expect(activeSecrets([later], 1_000)).toEqual([later]);
  });

  it('no longer counts it from its end on', () => {
    expect(activeSecrets([until], 999)).toEqual([until]);
    expect(activeSecrets([until], 1_000)).toEqual([]);
  });

  it('keeps the order and gives the same list back when all count', () => {
    const all = [always, later];
    expect(activeSecrets(all, 1_000)).toBe(all);
    expect(activeSecrets([until, always, later], 2_000)).toEqual([always, later]);
  });

  it('never counts an empty secret, text or bytes', () => {
    expect(activeSecrets([{ keyId: 'empty', value: '' }, always], 0)).toEqual([always]);
    expect(activeSecrets([{ keyId: 'empty', value: new Uint8Array(0) }], 0)).toEqual([]);
  });
});
