import { settledWithin } from './settled-within.js';

describe('settledWithin', () => {
  it('resolves with the work, with its failure, and at the limit, and says which', async () => {
    expect(await settledWithin(Promise.resolve(1), 10_000)).toBe(true);
    expect(await settledWithin(Promise.reject(new Error('no matter')), 10_000)).toBe(true);
    expect(await settledWithin(new Promise(() => undefined), 5)).toBe(false);
  });
});
