// Writes docs/reference/events.md from the built catalogue: npm run reference -w @signalbox/contracts
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { catalogue } = require('../dist/catalogue.js');
const { eventsPage } = require('../dist/reference/events-page.js');
writeFileSync(new URL('../../../docs/reference/events.md', import.meta.url), eventsPage(catalogue));
