import type { AnyContract } from '../contract.js';
import { asyncApiDocument } from './asyncapi.js';
import { cataloguePage } from './catalogue-page.js';
import { eventsPage } from './events-page.js';
import { schemaFiles } from './schema-files.js';

/** Every file of `docs/reference` that is made from the catalogue: its text by its path there. */
export function referenceFiles(catalogue: ReadonlyMap<string, AnyContract>): ReadonlyMap<string, string> {
  return new Map([
    ['events.md', eventsPage(catalogue)],
    ['events.html', cataloguePage(catalogue)],
    ['asyncapi.json', `${JSON.stringify(asyncApiDocument(catalogue), null, 2)}\n`],
    ...schemaFiles(catalogue),
  ]);
}
