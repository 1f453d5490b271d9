import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readText, root, workspaces } from '../support/repository.js';

const all = workspaces();
const apps = all.filter(({ folder }) => folder.startsWith('apps/'));

describe('every workspace', () => {
  it('is found here', () => {
    expect(all.length).toBeGreaterThanOrEqual(20);
    expect(apps.length).toBeGreaterThanOrEqual(8);
  });

  it.each(all)('$folder says what it is, and can be checked and tested', ({ folder, manifest }) => {
    expect(manifest).toMatchObject({ private: true, license: 'Apache-2.0' });
    expect(manifest.name).toMatch(/^@signalbox\/[a-z][a-z-]*$/);
    expect(manifest.description ?? '').toMatch(/^.{10,120}$/);
    expect(manifest.scripts).toMatchObject({
      lint: expect.stringMatching(/^eslint \.( |$)/) as string,
      test: expect.stringContaining('jest') as string,
      typecheck: expect.stringContaining('tsc') as string,
    });
    expect(existsSync(join(root, folder, 'tsconfig.json'))).toBe(true);
  });

  it.each(apps)('$folder has a README with its events and settings', ({ folder }) => {
    const readme = readText(join(folder, 'README.md'));
    expect(readme).toMatch(/^# /);
    expect(readme).toMatch(/^##+ .*settings/im);
  });

  it.each(
    all
      .map(({ folder, manifest }) => ({ folder, bins: Object.entries(manifest.bin ?? {}) }))
      .filter(({ bins }) => bins.length > 0),
  )('$folder brings the files of its commands', ({ folder, bins }) => {
    for (const [, file] of bins) expect(existsSync(join(root, folder, file))).toBe(true);
  });
});
