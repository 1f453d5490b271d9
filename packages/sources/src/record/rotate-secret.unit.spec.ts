import type { SignalboxError } from '@signalbox/errors';
import { activeSecrets } from '@signalbox/webhooks';
import { resolveSecrets } from '../secrets/resolve-secrets.js';
import { rotateSecret, type Rotation } from './rotate-secret.js';

const from = new Date('2026-11-22T12:00:00.400Z');
const until = new Date('2026-11-29T12:00:00Z');
const rotate = (lines: readonly string[], change: Partial<Rotation> = {}) =>
  rotateSecret(lines.join('\n'), 'shop.yaml', { file: 'shop-2', keyId: 'shop-2', from, until, ...change });
const shop = ['name: shop', 'secrets:', '  - { file: shop, keyId: shop-1 }'];
/** Key ids that count at a time. */
const counting = ({ source }: ReturnType<typeof rotate>, at: string): string[] => {
  const references = source.references?.map((reference) => ({ ...reference, env: 'ANY', file: undefined }));
  const secrets = resolveSecrets({ ...source, references } as never, { variable: () => 'x', secretsDir: '' });
  return activeSecrets(secrets, Date.parse(at)).map(({ keyId }) => keyId);
};

describe('a record with a further secret', () => {
  it('lets both count for the overlap, then the new one alone', () => {
    const rotated = rotate(shop);
    expect(rotated.text).toBe(
      [
        'name: shop',
        'secrets:',
        '  - { file: shop, keyId: shop-1, until: 2026-11-29T12:00:00Z }',
        '  - { file: shop-2, keyId: shop-2, from: 2026-11-22T12:00:00Z }',
        '',
      ].join('\n'),
    );
    expect(counting(rotated, '2026-11-22T11:59:59Z')).toEqual(['shop-1']);
    expect(counting(rotated, '2026-11-22T12:00:01Z')).toEqual(['shop-1', 'shop-2']);
    expect(counting(rotated, '2026-11-29T12:00:00Z')).toEqual(['shop-2']);
    expect(rotated.ending).toMatchObject([{ keyId: 'shop-1' }]);
  });

  it('keeps comments, order and all other fields as they were', () => {
    const lines = [
      '# Ours.',
      'name: shop',
      '# In SOURCE_SECRETS_DIR.',
      'secrets:',
      '  # the first',
      '  - file: shop',
      'networks:',
      "  - '10.0.0.0/8' # the warehouse",
      `about: ${'a long sentence that must stay on its line '.repeat(5)}end`,
    ];
    const { text } = rotate(lines);
    for (const line of lines) expect(text.split('\n')).toContain(line);
    expect(text).toContain('    until: 2026-11-29T12:00:00Z\n');
  });

  it('writes out a secret that is named by an alias, and leaves what the alias stands for', () => {
    const rotated = rotate([
      'name: shop',
      'verifyTokens: [&first { file: shop, keyId: shop-1 }]',
      'secrets: [*first]',
    ]);
    expect(rotated.text).toContain('verifyTokens: [ &first { file: shop, keyId: shop-1 } ]');
    expect(rotated.source.references).toEqual([
      { file: 'shop', keyId: 'shop-1', until: '2026-11-29T12:00:00Z' },
      { file: 'shop-2', keyId: 'shop-2', from: '2026-11-22T12:00:00Z' },
    ]);
    expect(rotated.source.verifyTokens).toEqual([{ file: 'shop', keyId: 'shop-1' }]);
  });

  it('ends no old secret later than its record said, and drops those that are over', () => {
    const rotated = rotate([
      'name: shop',
      'secrets:',
      '  - { file: over, keyId: over, until: 2026-11-22T12:00:00Z }',
      '  - { file: soon, keyId: soon, until: 2026-11-24T00:00:00Z }',
      '  - { file: late, keyId: late, until: 2027-01-01T00:00:00Z }',
    ]);
    expect(rotated.source.references).toMatchObject([
      { keyId: 'soon', until: '2026-11-24T00:00:00Z' },
      { keyId: 'late', until: '2026-11-29T12:00:00Z' },
      { keyId: 'shop-2' },
    ]);
    expect(rotated.dropped).toMatchObject([{ keyId: 'over' }]);
    expect(rotated.ending.map(({ keyId }) => keyId)).toEqual(['soon', 'late']);
  });

  it('without an overlap holds the new one alone: the old one leaked', () => {
    const rotated = rotate(shop, { until: from });
    expect(rotated.source.references).toMatchObject([{ keyId: 'shop-2' }]);
    expect([rotated.ending, rotated.dropped]).toMatchObject([[], [{ keyId: 'shop-1' }]]);
  });

  it('names the variable its secret was in when it named none', () => {
    const rotated = rotate(['name: shop', 'form: envelope', 'eventTypes: public'], {
      implied: { env: 'WEBHOOK_SECRET_SHOP' },
    });
    expect(rotated.text).toContain('- { env: WEBHOOK_SECRET_SHOP, until: 2026-11-29T12:00:00Z }');
    expect(counting(rotated, '2026-11-23T00:00:00Z')).toEqual(['shop', 'shop-2']);
  });

  it('has the new one alone when there was none at all', () => {
    expect(rotate(['name: shop']).source.references).toMatchObject([{ file: 'shop-2', keyId: 'shop-2' }]);
  });

  const refusal = (...all: Parameters<typeof rotate>): SignalboxError => {
    try {
      rotate(...all);
    } catch (error) {
      return error as SignalboxError;
    }
    throw new Error('it was rotated');
  };

  it('waits for a rotation that is under way', () => {
    const { code, message, action } = refusal([
      ...shop,
      '  - { file: next, keyId: next, from: 2026-12-01T00:00:00Z }',
    ]);
    expect([code, message]).toEqual([
      'request_malformed',
      'A secret of shop counts only from 2026-12-01T00:00:00Z on.',
    ]);
    expect(action).toContain('shop.yaml');
  });

  it('is refused whole when the record is bad, or has twenty secrets already', () => {
    expect(refusal(['name: shop', 'paht: /x'])).toMatchObject({ code: 'config_invalid' });
    const twenty = Array.from({ length: 20 }, (_none, n) => `  - { file: s-${n} }`);
    expect(refusal(['name: shop', 'secrets:', ...twenty]).message).toContain('secrets');
  });
});
