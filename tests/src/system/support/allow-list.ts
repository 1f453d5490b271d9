import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Writes an allow-list with one restart, by calling a URL of this machine; returns its path, in a folder of its own. */
export function allowRestart(service: string, url: string, path = newPath()): string {
  const entry = { service, action: 'restart', idempotent: true, http: { url, allow_private: true } };
  // JSON is YAML.
  writeFileSync(path, JSON.stringify({ version: 1, entries: [entry] }));
  return path;
}

const newPath = (): string => join(mkdtempSync(join(tmpdir(), 'signalbox-allow-')), 'allow-list.json');
