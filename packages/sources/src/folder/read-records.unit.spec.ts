import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogueTopics } from '@signalbox/contracts';
import { readRecords } from './read-records.js';
import { sourceTopics } from './source-topics.js';
import { recordFiles, recordsMax, stampOf } from './stamp.js';

describe('the records of a folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'records-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const write = (name: string, text = `name: ${name.replace('.yaml', '')}\n`): void =>
    writeFileSync(join(folder, name), text);

  it('are its yaml files by name, nothing else and no hidden ones', () => {
    for (const name of ['b.yaml', 'a.yaml', 'c.yml', 'README.md', '.d.yaml', 'e.yaml.new']) write(name);
    expect(recordFiles(folder)).toEqual(['a.yaml', 'b.yaml']);
    expect(recordFiles(join(folder, 'nowhere'))).toEqual([]);
  });

  it('are a thousand at most', () => {
    for (let n = 0; n <= recordsMax; n += 1)
      writeFileSync(join(folder, `s${String(n).padStart(4, '0')}.yaml`), '');
    expect(recordFiles(folder)).toHaveLength(recordsMax);
    expect(recordFiles(folder).at(-1)).toBe('s0999.yaml');
  });

  it('are read each for itself: what is wrong with one is told beside the others', () => {
    write('good.yaml');
    write('odd.yaml', 'name: odd\npaht: /x\n');
    mkdirSync(join(folder, 'folder.yaml'));
    const records = readRecords(folder).map((record) =>
      'error' in record
        ? [record.file, record.error.code, record.error.message]
        : [record.file, record.source.path],
    );
    expect(records).toEqual([
      ['folder.yaml', 'config_invalid', 'folder.yaml: cannot be read (EISDIR)'],
      ['good.yaml', '/webhooks/good'],
      ['odd.yaml', 'config_invalid', 'odd.yaml:2: paht is not a field of a source'],
    ]);
  });

  describe('and their stamp', () => {
    const secret = () => join(folder, 'secret');
    const stamp = () => stampOf(folder, [secret()]);
    beforeEach(() => {
      write('a.yaml');
      writeFileSync(secret(), 'one');
    });

    it.each<[string, () => void]>([
      ['a record is written', () => write('a.yaml', 'name: a\nabout: more\n')],
      ['a record comes', () => write('b.yaml')],
      ['a record goes', () => rmSync(join(folder, 'a.yaml'))],
      ['a secret is written', () => writeFileSync(secret(), 'other')],
      ['a secret of the same length is written', () => utimesSync(secret(), 0, 0)],
      ['a secret goes', () => rmSync(secret())],
    ])('change when %s', (_what, change) => {
      const before = stamp();
      expect(stamp()).toBe(before);
      change();
      expect(stamp()).not.toBe(before);
    });

    it('stay when anything else does', () => {
      const before = stamp();
      writeFileSync(join(folder, 'README.md'), 'x');
      expect(stamp()).toBe(before);
    });
  });
});

describe('topics of sources', () => {
  const dayMs = 86_400_000;
  const days = Object.fromEntries(
    sourceTopics([
      { name: 'github', form: 'provider' },
      { name: 'ops', form: 'flat' },
    ]).map(({ topic, retentionMs }) => [topic, (retentionMs ?? 0) / dayMs]),
  );

  it('keep what was never verified most briefly, and have none for a source whose webhooks are all mapped', () => {
    expect(days).toEqual({
      'webhook.raw': 3,
      'webhook.quarantined': 30,
      'webhook.releases': 30,
      'webhook.github': 7,
    });
  });

  it('are none of the catalogue’s', () => {
    const known = new Set(catalogueTopics().map(({ topic }) => topic));
    expect(Object.keys(days).filter((topic) => known.has(topic))).toEqual([]);
  });
});
