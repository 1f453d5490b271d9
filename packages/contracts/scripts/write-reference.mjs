// Writes what is generated from the catalogue: npm run reference -w @signalbox/contracts
// Contracts that would break a reader are refused before anything is written.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const { catalogue } = require('../dist/catalogue.js');
const { publicationOf } = require('../dist/compatibility/published-files.js');
const { referenceFiles } = require('../dist/reference/reference-files.js');

const here = dirname(fileURLToPath(import.meta.url));
const fixtures = join(here, '../fixtures');
const reference = join(here, '../../../docs/reference');

const jsonFiles = (folder) =>
  readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
const write = (path, text) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};
const json = (value) => `${JSON.stringify(value, null, 2)}\n`;

mkdirSync(join(fixtures, 'published'), { recursive: true });
const published = jsonFiles(join(fixtures, 'published'));
const kept = new Set(readdirSync(join(fixtures, 'corpus')));
const { problems, contracts, examples } = publicationOf(catalogue, published, kept);
if (problems.length > 0) {
  process.stderr.write(`${problems.join('\n')}\n`);
  process.exit(1);
}
for (const [file, contract] of contracts) write(join(fixtures, 'published', file), json(contract));
for (const [file, example] of examples) write(join(fixtures, 'corpus', file), json([{ data: example }]));
for (const [file, text] of referenceFiles(catalogue)) write(join(reference, file), text);
