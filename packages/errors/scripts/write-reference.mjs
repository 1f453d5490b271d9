// Prints docs/reference/errors.md from the built list: npm run reference -w @signalbox/errors
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { errorCodes } = require('../dist/codes.js');
const { errorsPage } = require('../dist/reference/errors-page.js');
process.stdout.write(errorsPage(errorCodes));
