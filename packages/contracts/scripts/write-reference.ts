// Writes what is generated from the catalogue: npm run reference -w @signalbox/contracts
// Contracts that would break a reader are refused before anything is written.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { catalogue } from '../src/catalogue.js';
import type { PublishedContract } from '../src/compatibility/contract-changes.js';
import { publicationOf } from '../src/compatibility/published-files.js';
import { referenceFiles } from '../src/reference/reference-files.js';

const fixtures = join(__dirname, '../fixtures');
const reference = join(__dirname, '../../../docs/reference');

const write = (path: string, text: string): void => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};
const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

mkdirSync(join(fixtures, 'published'), { recursive: true });
const published = readdirSync(join(fixtures, 'published')).map(
  (file) => JSON.parse(readFileSync(join(fixtures, 'published', file), 'utf8')) as PublishedContract,
);
const kept = new Set(readdirSync(join(fixtures, 'corpus')));
const { problems, contracts, examples } = publicationOf(catalogue, published, kept);
if (problems.length > 0) {
  process.stderr.write(`${problems.join('\n')}\n`);
  process.exit(1);
}
for (const [file, contract] of contracts) write(join(fixtures, 'published', file), json(contract));
for (const [file, example] of examples) write(join(fixtures, 'corpus', file), json([{ data: example }]));
for (const [file, text] of referenceFiles(catalogue)) write(join(reference, file), text);
