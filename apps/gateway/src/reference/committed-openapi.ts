import { readRecords } from '@signalbox/sources';
import { openApiDocument } from './openapi.js';

/** The text of `docs/reference/openapi.json`: the document for the records of a folder. Throws the first bad record's error. */
export function committedOpenApi(sourcesDir: string): string {
  const sources = readRecords(sourcesDir).map((read) => {
    if ('error' in read) throw read.error;
    return read.source;
  });
  return `${JSON.stringify(openApiDocument(sources), null, 2)}\n`;
}
