import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCodes } from '../codes.js';
import { errorsPage } from './errors-page.js';

const page = readFileSync(join(__dirname, '../../../../docs/reference/errors.md'), 'utf8');
const documented = [...page.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1]);

describe('docs/reference/errors.md', () => {
  it('names every code of the list', () => {
    expect(Object.keys(errorCodes).filter((code) => !documented.includes(code))).toEqual([]);
  });

  it('names no code the list does not have, and none twice', () => {
    expect(documented.filter((code) => !Object.hasOwn(errorCodes, code as string))).toEqual([]);
    expect(new Set(documented).size).toBe(documented.length);
  });

  it('says what the list says (else: npm run reference -w @signalbox/errors)', () => {
    expect(page).toBe(errorsPage(errorCodes));
  });
});
