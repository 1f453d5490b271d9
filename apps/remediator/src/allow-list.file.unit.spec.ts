import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AllowListFile } from './allow-list.file.js';

const listOf = (...services: string[]): string =>
  `version: 1\nentries:\n${services
    .map((service) => `  - { service: ${service}, action: hook, http: { url: "https://hooks.example/" } }`)
    .join('\n')}\n`;

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'allow-list-'));
  path = join(folder, 'list.yaml');
  writeFileSync(path, listOf('A'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const services = (file: AllowListFile): string[] => file.entries().map(({ service }) => service);

it('reads the file again when it was written or replaced', () => {
  const file = new AllowListFile(path);
  expect(services(file)).toEqual(['A']);
  writeFileSync(path, listOf('A', 'B'));
  expect(services(file)).toEqual(['A', 'B']);
  writeFileSync(`${path}.new`, listOf('C'));
  renameSync(`${path}.new`, path);
  expect(services(file)).toEqual(['C']);
});

it('does not read an unchanged file again', () => {
  const file = new AllowListFile(path);
  expect(file.entries()).toBe(file.entries());
});

it('allows nothing while the file is broken, and everything again once it is mended', () => {
  const file = new AllowListFile(path);
  writeFileSync(path, 'version: 1\nentries: [');
  expect(() => file.entries()).toThrow(expect.objectContaining({ code: 'config_invalid' }));
  expect(() => file.entries()).toThrow(expect.objectContaining({ code: 'config_invalid' }));
  writeFileSync(path, listOf('A', 'B'));
  expect(services(file)).toEqual(['A', 'B']);
});

it.each([
  ['is missing', () => rmSync(path)],
  ['is malformed', () => writeFileSync(path, 'entries: 1')],
  ['is too large', () => writeFileSync(path, '#'.repeat(1_048_577))],
])('does not start when the file %s', (_what, spoil) => {
  spoil();
  expect(() => new AllowListFile(path)).toThrow(expect.objectContaining({ code: 'config_invalid' }));
});
