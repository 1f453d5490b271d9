import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryDir } from '../paths.js';

const read = (path: string): string => readFileSync(join(repositoryDir, path), 'utf8');

/** Source files of every app and package, tests left out. */
function sources(): string[] {
  const parents = ['apps', 'packages'].flatMap((parent) =>
    readdirSync(join(repositoryDir, parent)).map((name) => `${parent}/${name}`),
  );
  return [...parents, 'infra/local'].flatMap((workspace) => {
    const dir = join(workspace, 'src');
    return readdirSync(join(repositoryDir, dir), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.includes('generated'))
      .map((file) => read(join(dir, file)));
  });
}

const fields =
  'z\\b|flag|wholeNumber|commaList|hostPortList|listenPort|postgresUrl|port\\b|webUrl|kafkaSettings';
const declaration = new RegExp(`^ +([A-Z][A-Z0-9_]{2,}): (?:${fields})`, 'gm');
const namesOf = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, name]) => name!);

const code = sources().join('\n');
const declared = new Set([...namesOf(code, declaration), 'WEBHOOK_SECRET']);
const documented = new Set(namesOf(read('.env.example'), /^#?([A-Z][A-Z0-9_]+)=/gm));

describe('.env.example', () => {
  it('is read from a good number of declarations', () => {
    expect(declared.size).toBeGreaterThan(40);
  });

  it('has every variable that is read anywhere', () => {
    expect([...declared].filter((name) => !documented.has(name))).toEqual([]);
  });

  it('has no variable that nothing reads', () => {
    const used = `${code}\n${read('docker-compose.yml')}`;
    const families = ['SLACK_WEBHOOK_URL_', 'WEBHOOK_SECRET_'];
    const known = (name: string): boolean =>
      used.includes(name) || families.some((family) => name.startsWith(family));
    expect([...documented].filter((name) => !known(name))).toEqual([]);
  });

  it('has no secret in it', () => {
    expect(read('.env.example')).not.toMatch(/^(?!#).*(SECRET|PASSWORD|KEY)=./m);
  });
});
