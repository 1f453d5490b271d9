import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SignalboxError } from '@signalbox/errors';
import { addSource } from './add-source.js';
import { rotateSource, type RotateOptions } from './rotate-source.js';
import { rotatedText } from './rotated-text.js';

const nowMs = Date.parse('2026-11-22T12:00:00Z');
const dayMs = 86_400_000;
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rotate-source-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const dirs = () => ({ sourcesDir: join(root, 'records'), secretsDir: join(root, 'secrets') });
const add = (what: string, secret?: string) =>
  addSource(what, { mapping: true, quarantine: false, ...(secret ? { secret } : {}) }, dirs(), nowMs);
const rotate = (name: string, options: Partial<RotateOptions> = {}, atMs = nowMs + 30 * dayMs) =>
  rotateSource(name, { overlapDays: 7, variable: () => undefined, ...options }, dirs(), atMs);
const refusal = (...all: Parameters<typeof rotate>): SignalboxError => {
  try {
    rotate(...all);
  } catch (error) {
    return error as SignalboxError;
  }
  throw new Error('it was rotated');
};
const secrets = () => readdirSync(dirs().secretsDir).sort();
const text = (path: string) => readFileSync(path, 'utf8');

describe('a rotation', () => {
  it('makes a secret for its owner alone and names it in the record beside the old one', () => {
    const { record } = add('github');
    const rotated = rotate('github');
    expect(rotated).toMatchObject({
      record,
      keyId: 'github-2026-12-22',
      until: new Date('2026-12-29T12:00:00Z'),
    });
    expect(text(rotated.secretFile).trim()).toBe(rotated.madeSecret);
    expect(statSync(rotated.secretFile).mode & 0o777).toBe(0o600);
    expect(text(record)).toContain(
      '- { file: github, keyId: github-2026-11-22, until: 2026-12-29T12:00:00Z }',
    );
    expect(text(record)).toContain(
      '- { file: github-2026-12-22, keyId: github-2026-12-22, from: 2026-12-22T12:00:00Z }',
    );
    expect(text(record)).not.toContain(rotated.madeSecret);
    expect(readdirSync(dirs().sourcesDir)).toEqual(['github.yaml']);
  });

  it('can be repeated, on the same day too, under a name of its own', () => {
    add('github');
    expect(rotate('github', {}, nowMs + 1_000).keyId).toBe('github-2026-11-22-2');
    expect(rotate('github', {}, nowMs + 2_000).keyId).toBe('github-2026-11-22-3');
    expect(secrets()).toEqual(['github', 'github-2026-11-22-2', 'github-2026-11-22-3']);
  });

  it('takes the secret the provider gave, and asks for it where only the provider can make one', () => {
    const { record } = add('stripe', 'whsec_first');
    const rotated = rotate('stripe', { secret: 'whsec_second' });
    expect([text(rotated.secretFile), rotated.madeSecret]).toEqual(['whsec_second\n', undefined]);
    expect(text(record)).toContain('stripe-2026-12-22');
    const before = text(add('sendgrid', 'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE').record);
    expect(refusal('sendgrid').message).toContain('gives the secret or public key itself');
    expect(text(join(dirs().sourcesDir, 'sendgrid.yaml'))).toBe(before);
    expect(secrets()).not.toContain('sendgrid-2026-12-22');
  });

  it.each([
    [
      'its own variable',
      { WEBHOOK_SECRET_SHOP: 'x', WEBHOOK_SECRET: 'y' },
      'env: WEBHOOK_SECRET_SHOP, until',
    ],
    ['the one for all', { WEBHOOK_SECRET: 'y' }, 'env: WEBHOOK_SECRET, until'],
    ['no variable', {}, 'secrets:\n  - { file: shop-2026-12-22'],
  ])('of a record without secrets keeps %s beside the new one', (_what, variables, line) => {
    add('github'); // makes the folders
    const record = join(dirs().sourcesDir, 'shop.yaml');
    writeFileSync(record, 'name: shop\nform: envelope\neventTypes: public\n');
    rotate('shop', { variable: (name) => (variables as Record<string, string>)[name] });
    expect(text(record)).toContain(line);
  });

  it('keeps a key id at 64 characters, however long the name is', () => {
    const name = `a${'b'.repeat(62)}`;
    add('github');
    writeFileSync(join(dirs().sourcesDir, `${name}.yaml`), `name: ${name}\n`);
    expect(rotate(name).keyId).toHaveLength(64);
  });

  it('of nothing is refused, and of a bad record too, which stays as it is', () => {
    expect(refusal('nothing')).toMatchObject({
      code: 'not_found',
      action: expect.stringContaining('sources list'),
    });
    add('github');
    writeFileSync(join(dirs().sourcesDir, 'odd.yaml'), 'name: odd\npaht: /x\n');
    expect(refusal('odd')).toMatchObject({ code: 'config_invalid' });
    expect([existsSync(join(dirs().secretsDir, 'odd-2026-12-22')), secrets()]).toEqual([false, ['github']]);
  });
});

describe('what is said of a rotation', () => {
  const said = (options: Partial<RotateOptions> = {}) =>
    rotatedText(rotate('github', options), 'https://h.example/w');

  it('is the secret, once, where to enter it, and until when the old one counts', () => {
    add('github');
    const lines = said();
    const made = text(join(dirs().secretsDir, 'github-2026-12-22')).trim();
    expect(lines.split(made)).toHaveLength(2);
    expect(lines).toContain(
      'github-2026-11-22 counts beside it until 2026-12-29T12:00:00.000Z at the latest.',
    );
    expect(lines).toContain('Enter at GitHub before then:');
    expect(lines).toContain('npx signalbox sources test github');
  });

  it('is that nothing else counts when there is no overlap, and which file is of no use any more', () => {
    add('github');
    const lines = said({ overlapDays: 0 });
    expect(lines).toContain('No other secret counts any more');
    expect(lines).toContain('Enter at GitHub, at once:');
    expect(lines).toContain('No longer used: github; remove it');
  });

  it('never is a secret the provider gave', () => {
    add('github');
    const lines = said({ secret: 'given-by-them' });
    expect(lines).not.toContain('given-by-them');
    expect(lines).toContain(`the one in ${join(dirs().secretsDir, 'github-2026-12-22')}`);
  });
});
