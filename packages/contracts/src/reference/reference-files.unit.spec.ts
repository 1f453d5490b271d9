import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue } from '../catalogue.js';
import { referenceFiles } from './reference-files.js';

const folder = join(__dirname, '../../../../docs/reference');
const files = referenceFiles(catalogue);

describe('the committed reference (else: npm run reference -w @signalbox/contracts)', () => {
  it.each([...files.keys()])('%s says what the contracts say', (path) => {
    expect(existsSync(join(folder, path)) && readFileSync(join(folder, path), 'utf8')).toBe(files.get(path));
  });

  it('keeps the schemas of versions before, and of nothing else', () => {
    const current = [...files.keys()].filter((path) => path.startsWith('schemas/'));
    const others = readdirSync(join(folder, 'schemas')).filter(
      (file) => !current.includes(`schemas/${file}`),
    );
    const old = /^(.+)[.]v(\d+)(?:[.]flat)?[.]json$/;
    for (const file of others) {
      const [, type = '', version = ''] = old.exec(file) ?? [];
      expect([file, Number(version) < (catalogue.get(type)?.version ?? 0)]).toEqual([file, true]);
    }
  });
});
