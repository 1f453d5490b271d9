import { deadLetterFingerprint, normaliseMessage } from './fingerprint.js';

describe('normaliseMessage', () => {
  it.each([
    ['user 17 of 20', 'user <n> of <n>'],
    ['order 3f2504e0-4f89-11d3-9a0c-0305e82c3301 is gone', 'order <id> is gone'],
    ['key "ada" is not \'bob\' or `cyd`', 'key <text> is not <text> or <text>'],
    ['no case at all', 'no case at all'],
  ])('reads %s as %s', (message, wanted) => {
    expect(normaliseMessage(message)).toBe(wanted);
  });

  it('looks at the first 1,000 characters', () => {
    expect(normaliseMessage('x'.repeat(5_000))).toHaveLength(1_000);
  });
});

describe('deadLetterFingerprint', () => {
  const base = ['handler_failed', 'user 17 is gone', 'greet'] as const;
  it.each<[string, readonly [string, string, string | null], boolean]>([
    ['another number', ['handler_failed', 'user 18 is gone', 'greet'], true],
    ['another code', ['handler_fatal', 'user 17 is gone', 'greet'], false],
    ['another text', ['handler_failed', 'user 17 is here', 'greet'], false],
    ['another handler', ['handler_failed', 'user 17 is gone', 'send'], false],
    ['no handler', ['handler_failed', 'user 17 is gone', null], false],
  ])('with %s', (_what, other, isSame) => {
    expect(deadLetterFingerprint(...other) === deadLetterFingerprint(...base)).toBe(isSame);
  });
});
