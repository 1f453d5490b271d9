// Writes docs/reference/errors.md from the built list: npm run reference -w @signalbox/errors
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { errorCodes } = require('../dist/codes.js');
const { errorsPage } = require('../dist/reference/errors-page.js');
writeFileSync(new URL('../../../docs/reference/errors.md', import.meta.url), errorsPage(errorCodes));
