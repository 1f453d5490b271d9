import { SignalboxError } from '@signalbox/errors';
import { readSource, type ReadRecord } from '@signalbox/sources';
import { providers } from '@signalbox/webhooks';
import { addedText, providerTable, sourceTable } from './source-text.js';

const record = (name: string, ...lines: readonly string[]): ReadRecord => {
  const file = `${name}.yaml`;
  return { file, source: readSource([`name: ${name}`, ...lines].join('\n'), file) };
};
const bad = (file: string, message: string): ReadRecord => ({
  file,
  error: new SignalboxError('config_invalid', message),
});
/** The cells of each line, the headings first. */
const cells = (text: string): string[][] => text.split('\n').map((line) => line.split(/ {2,}/));

describe('the table of sources', () => {
  it('says how to make the first', () => {
    expect(sourceTable([])).toBe('There is no source. Make one: npx signalbox sources add github');
  });

  it.each<[string, readonly string[], readonly string[]]>([
    [
      'of a provider, with a ready mapping',
      ['provider: stripe', 'mapping: stripe-subscriptions'],
      ['as stripe'],
    ],
    ['of the house, unmapped', [], ['house', '', 'webhook.shop']],
    [
      'of the house, of one type',
      ['form: flat', 'eventTypes: [service_down]'],
      ['house', 'service_down', 'refused'],
    ],
    [
      'that keeps what does not fit',
      ['form: flat', 'eventTypes: [service_down]', 'quarantine: true'],
      ['house', 'service_down', 'webhook.quarantined'],
    ],
    ['of a scheme of its own', ['scheme: { kind: token, header: X-Token }'], ['token', '', 'webhook.shop']],
    [
      'of every public type',
      ['form: envelope', 'eventTypes: public'],
      ['house', expect.stringMatching(/^\d+ event types$/)],
    ],
  ])('shows one %s', (_what, lines, expected) => {
    const [, row = ''] = sourceTable([record('shop', ...lines)]).split('\n');
    expect(row.startsWith('shop')).toBe(true);
    const [, path, ...rest] = cells(row)[0] as string[];
    expect(path).toBe('/webhooks/shop');
    expect(rest).toEqual(expect.arrayContaining(expected.filter((cell) => cell !== '')));
  });

  it('names each type once', () => {
    const rules = (types: readonly string[]) =>
      `mapping: [${types.map((type) => `{ event_type: ${type}, data: '{}' }`).join(', ')}]`;
    const twice = sourceTable([record('shop', rules(['user.signed_up', 'user.signed_up']))]);
    expect(twice.split('user.signed_up')).toHaveLength(2);
  });

  it('shows a bad record with what is wrong, on one line and safe to look at', () => {
    const text = sourceTable([bad('odd.yaml', `odd.yaml:2: paht\nis \u001b[31mno field ${'x'.repeat(500)}`)]);
    const [, row = '', ...more] = text.split('\n');
    expect(more).toEqual([]);
    expect(row).toMatch(/^odd\.yaml {2}bad record {2}odd\.yaml:2: paht is \ufffd\[31mno field x+…$/);
  });
});

it('lists every ready provider, and which signatures nobody has proven', () => {
  const [head, ...rows] = cells(providerTable());
  expect(head).toEqual(['provider', 'name', 'signatures', 'documentation']);
  expect(rows.map(([name]) => name)).toEqual([...providers.keys()]);
  for (const [name = '', , proven] of rows) {
    const { by } = providers.get(name)!.proven;
    expect([name, proven]).toEqual([name, by === 'nothing' ? 'unproven' : `proven by ${by}`]);
  }
});

describe('what to do after a source was added', () => {
  const added = (what: ReadRecord, madeSecret?: string) => {
    if ('error' in what) throw what.error;
    const paths = { record: '/r/shop.yaml', secretFile: '/s/shop' };
    return { source: what.source, ...paths, ...(madeSecret === undefined ? {} : { madeSecret }) };
  };
  const url = 'https://hooks.example.com/webhooks/shop';

  it('shows a secret that was made, and never one that was there', () => {
    expect(addedText(added(record('shop'), 'made-here'), url, [])).toContain('  secret         made-here\n');
    expect(addedText(added(record('shop')), url, [])).toContain('  secret         the one in /s/shop\n');
  });

  it('names the topics that were made, and the one to look at while nothing is mapped', () => {
    const text = addedText(added(record('shop')), url, ['webhook.shop', 'webhook.raw']);
    expect(text).toMatch(/^Made \/r\/shop\.yaml and the topics webhook\.shop, webhook\.raw\.\n/);
    expect(text).toContain('npx signalbox tail webhook.shop --from beginning');
    const mapped = addedText(added(record('shop', 'form: flat', 'eventTypes: [service_down]')), url, []);
    expect(mapped).toMatch(/^Made \/r\/shop\.yaml\.\n/);
    expect(mapped).not.toContain('tail');
  });

  it.each([...providers.values()].map(({ name }) => name))('says where to enter it at %s', (name) => {
    const { title, secretForm, notes, proven } = providers.get(name)!;
    const text = addedText(added(record('shop', `provider: ${name}`)), url, []);
    for (const part of [`Enter at ${title}:`, url, secretForm, notes ?? '']) expect(text).toContain(part);
    expect(text.includes('  unproven  ')).toBe(proven.by === 'nothing');
  });
});
