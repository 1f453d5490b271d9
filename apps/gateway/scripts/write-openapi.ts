// Writes docs/reference/openapi.json for the sources of infra/sources: npm run reference -w @signalbox/gateway
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { committedOpenApi } from '../src/reference/committed-openapi.js';

const root = join(__dirname, '../../..');
writeFileSync(join(root, 'docs/reference/openapi.json'), committedOpenApi(join(root, 'infra/sources')));
