// Prints docs/reference/events.md from the built catalogue: npm run reference -w @signalbox/contracts
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { catalogue } = require('../dist/catalogue.js');
const { eventsPage } = require('../dist/reference/events-page.js');
process.stdout.write(eventsPage(catalogue));
