// Prints docs/reference/providers.md from the built records: npm run reference -w @signalbox/webhooks
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { providers } = require('../dist/providers.js');
const { providersPage } = require('../dist/reference/providers-page.js');
process.stdout.write(providersPage([...providers.values()]));
