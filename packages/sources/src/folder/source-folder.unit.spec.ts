import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SourceFolder } from './source-folder.js';
import { sourceTopics } from './source-topics.js';

let root: string;
let variables: Record<string, string>;
let folder: SourceFolder;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'folder-'));
  mkdirSync(join(root, 'records'));
  mkdirSync(join(root, 'secrets'));
  variables = { WEBHOOK_SECRET: 'for-all' };
  const places = { sourcesDir: join(root, 'records'), secretsDir: join(root, 'secrets') };
  folder = new SourceFolder({ ...places, variable: (name) => variables[name] });
});
afterEach(() => rmSync(root, { recursive: true }));

const write = (path: string, text: string): void => {
  writeFileSync(join(root, `${path}.new`), text);
  renameSync(join(root, `${path}.new`), join(root, path));
};
const record = (name: string, ...lines: readonly string[]): void =>
  write(`records/${name}.yaml`, [`name: ${name}`, ...lines].join('\n'));
const keysOf = (name: string): unknown =>
  folder.read().sources.find((source) => source.name === name)?.secrets;
const problemOf = (file: string): string | undefined =>
  folder.read().problems.find((problem) => problem.file === file)?.error.message;

describe('secrets', () => {
  it('are the source’s own, else for the house scheme those of all', () => {
    record('ops-alert');
    expect(keysOf('ops-alert')).toEqual([{ keyId: 'default', value: 'for-all' }]);
    variables['WEBHOOK_SECRET'] = 'b, a';
    expect(keysOf('ops-alert')).toEqual([
      { keyId: 'default', value: 'b' },
      { keyId: 'default-2', value: 'a' },
    ]);
    variables['WEBHOOK_SECRET_OPS_ALERT'] = 'new,old';
    expect(keysOf('ops-alert')).toEqual([
      { keyId: 'ops-alert', value: 'new' },
      { keyId: 'ops-alert-2', value: 'old' },
    ]);
    record('other', 'provider: github');
    expect(problemOf('other.yaml')).toBe('WEBHOOK_SECRET_OTHER: is required');
  });

  it('have times and names of their own', () => {
    write('secrets/new', 'in-a-file\n');
    variables['OLD'] = 'one,two';
    record(
      'shop',
      'secrets:',
      '  - { file: new, keyId: v2, from: "2026-11-22T00:00:00Z" }',
      '  - { env: OLD, keyId: v1, until: "2026-11-29T00:00:00+01:00" }',
      `  - { file: "${join(root, 'secrets', 'new')}" }`,
    );
    const until = Date.parse('2026-11-28T23:00:00Z');
    expect(keysOf('shop')).toEqual([
      { keyId: 'v2', value: 'in-a-file', activeFromMs: Date.parse('2026-11-22T00:00:00Z') },
      { keyId: 'v1', value: 'one', activeUntilMs: until },
      { keyId: 'v1-2', value: 'two', activeUntilMs: until },
      { keyId: 'shop-4', value: 'in-a-file' },
    ]);
  });

  it.each([
    ['{ env: NOTHING }', 'NOTHING: is not set'],
    ['{ file: nothing }', 'nothing: cannot be read (ENOENT)'],
    ['{ file: empty }', 'empty: is empty'],
    ['{ file: large }', 'large: is larger than 65536 bytes'],
    ['{ env: HOLES }', 'HOLES: must not hold an empty entry'],
  ])('that are missing are named, never shown: %s', (reference, expected) => {
    write('secrets/empty', '\n');
    write('secrets/large', 'hunter2'.repeat(10_000));
    variables['HOLES'] = 'hunter2,,b';
    record('shop', `secrets: [${reference}]`);
    expect(problemOf('shop.yaml')).toContain(expected);
    expect(problemOf('shop.yaml')).not.toContain('hunter2');
  });

  it('may come later where the provider hands them over', () => {
    record('tasks', 'provider: asana');
    expect(keysOf('tasks')).toEqual([]);
  });
});

describe('changes', () => {
  it('of a record, of a secret, a new and a removed file are seen, nothing else', () => {
    write('secrets/key', 'one');
    record('shop', 'secrets: [{ file: key }]');
    folder.read();
    expect(folder.changed()).toBe(false);
    write('secrets/key', 'two');
    expect(folder.changed()).toBe(true);
    expect(keysOf('shop')).toMatchObject([{ value: 'two' }]);
    write('secrets/other', 'x');
    write('records/notes.txt', 'x');
    expect(folder.changed()).toBe(false);
    record('more');
    expect(folder.changed()).toBe(true);
    expect(folder.read().sources.map(({ name }) => name)).toEqual(['more', 'shop']);
    rmSync(join(root, 'records', 'shop.yaml'));
    expect(folder.changed()).toBe(true);
    expect(folder.read().sources.map(({ name }) => name)).toEqual(['more']);
  });

  it('that break a record leave the source as it was, until it is mended', () => {
    record('shop', 'path: /a');
    folder.read();
    record('shop', 'path: a');
    expect(folder.read()).toMatchObject({
      sources: [{ path: '/a' }],
      problems: [{ file: 'shop.yaml', kept: true, error: { code: 'config_invalid' } }],
    });
    record('shop', 'path: /b');
    expect(folder.read()).toMatchObject({ sources: [{ path: '/b' }], problems: [] });
    record('fresh', 'path: a');
    expect(folder.read().problems).toMatchObject([{ file: 'fresh.yaml', kept: false }]);
  });

  it('do not give two sources one address', () => {
    record('a', 'path: /x');
    record('b', 'path: /x');
    expect(folder.read().sources.map(({ name }) => name)).toEqual(['a']);
    expect(problemOf('b.yaml')).toBe('b.yaml: path /x is already that of a.yaml');
  });

  it.each([
    ['breaks', 'path: b', 'b.yaml:2: path'],
    ['claims an address that is taken', 'path: /y', 'b.yaml: path /y is already that of a.yaml'],
  ])('give the address of a source to another one whose own record %s', (_what, change, problem) => {
    record('a', 'path: /x');
    record('b', 'path: /y');
    folder.read();
    record('a', 'path: /y');
    record('b', change);
    const { sources, problems } = folder.read();
    expect(sources.map(({ name, path }) => [name, path])).toEqual([['a', '/y']]);
    expect(problems).toMatchObject([{ file: 'b.yaml', kept: false }]);
    expect(problemOf('b.yaml')).toContain(problem);
  });

  it('let two sources swap their addresses', () => {
    record('a', 'path: /x');
    record('b', 'path: /y');
    folder.read();
    record('a', 'path: /y');
    record('b', 'path: /x');
    const { sources, problems } = folder.read();
    expect(sources.map(({ path }) => path)).toEqual(['/y', '/x']);
    expect(problems).toEqual([]);
  });

  it('of the file a secret is to come from are seen, also while it is missing', () => {
    record('shop', 'secrets: [{ file: late }]');
    expect(problemOf('shop.yaml')).toContain('late: cannot be read (ENOENT)');
    expect(folder.changed()).toBe(false);
    write('secrets/late', 'here');
    expect(folder.changed()).toBe(true);
    expect(keysOf('shop')).toMatchObject([{ value: 'here' }]);
  });

  it('are none where there is no folder', () => {
    const variable = (): undefined => undefined;
    const nowhere = new SourceFolder({ sourcesDir: join(root, 'nowhere'), secretsDir: root, variable });
    expect(nowhere.read()).toEqual({ sources: [], problems: [] });
    expect(nowhere.changed()).toBe(false);
  });
});

it('has a topic for each source whose webhooks are not all mapped, and those of the gateway', () => {
  record('shop');
  record('ops', 'form: flat', 'eventTypes: [service_down]');
  const days = sourceTopics(folder.read().sources).map(({ topic, retentionMs }) => [
    topic,
    retentionMs / 86_400_000,
  ]);
  expect(days).toEqual([
    ['webhook.raw', 3],
    ['webhook.quarantined', 30],
    ['webhook.releases', 30],
    ['webhook.shop', 7],
  ]);
});
