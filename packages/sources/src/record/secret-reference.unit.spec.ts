import { secretReference } from './secret-reference.js';

describe('a reference to a secret', () => {
  const problems = (input: unknown): string[] => {
    const parsed = secretReference.safeParse(input);
    return parsed.success ? [] : parsed.error.issues.map(({ message }) => message);
  };

  it.each([
    { env: 'WEBHOOK_SECRET_SHOP' },
    { env: 'A1_', keyId: 'a.b_c-1' },
    { file: 'shop' },
    { file: '/run/secrets/shop', from: '2026-11-22T00:00:00Z', until: '2026-11-22T00:00:01Z' },
    { file: 'shop', from: '2026-11-22T01:00:00+01:00', until: '2026-11-22T00:30:00Z' },
  ])('is %j', (input) => expect(problems(input)).toEqual([]));

  it.each([
    'hunter2',
    { value: 'hunter2' },
    { secret: 'hunter2' },
    { key: 'hunter2', keyId: 'k' },
    { token: 'hunter2' },
    { password: 'hunter2' },
  ])('never holds the secret itself, and does not show it: %j', (input) => {
    const [message = ''] = problems(input);
    expect(message).toContain('must not hold a secret: put it into a file or a variable');
    expect(message).not.toContain('hunter2');
  });

  it.each<[unknown, string]>([
    [{}, 'must be {env: <NAME>} or {file: <path>}'],
    [{ env: 'A', file: 'a' }, 'must be {env: <NAME>} or {file: <path>}'],
    [{ env: 'lower' }, 'must be'],
    [{ env: '1A' }, 'must be'],
    [{ file: '' }, 'Too small'],
    [{ file: 'a', keyId: '.a' }, 'must be'],
    [{ file: 'a', keyId: 'a'.repeat(65) }, 'must be'],
    [{ file: 'a', from: '2026-11-22' }, 'must be'],
    [{ file: 'a', until: '2026-11-22T00:00:00' }, 'must be'],
    [{ file: 'a', form: '2026-11-22T00:00:00Z' }, 'Unrecognized key: "form"'],
    [{ file: 'a', from: '2026-11-22T00:00:00Z', until: '2026-11-22T00:00:00Z' }, 'from must be before until'],
    [
      { file: 'a', from: '2026-11-22T00:30:00Z', until: '2026-11-22T01:00:00+01:00' },
      'from must be before until',
    ],
    [null, 'must be {env: <NAME>}'],
    [[], 'must be {env: <NAME>}'],
  ])('is not %j', (input, why) => expect(problems(input).join()).toContain(why));
});
