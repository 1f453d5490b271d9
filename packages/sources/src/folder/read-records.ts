import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SignalboxError } from '@signalbox/errors';
import { readSource } from '../record/read-source.js';
import type { Source } from '../record/source.js';
import { recordFiles } from './stamp.js';

/** A record as read: what it means, or what is wrong with it. */
export type ReadRecord =
  | { readonly file: string; readonly source: Source }
  | { readonly file: string; readonly error: SignalboxError };

/** The records of a folder, by file name, without their secrets. Never throws. */
export function readRecords(folder: string): readonly ReadRecord[] {
  return recordFiles(folder).map((file) => {
    try {
      return { file, source: readSource(readFileSync(join(folder, file), 'utf8'), file) };
    } catch (error) {
      return { file, error: asProblem(error, file) };
    }
  });
}

/** Whatever keeps a record from being read, as `config_invalid`. */
export function asProblem(error: unknown, file: string): SignalboxError {
  if (error instanceof SignalboxError) return error;
  const why = (error as NodeJS.ErrnoException).code ?? 'unknown reason';
  return new SignalboxError('config_invalid', `${file}: cannot be read (${why})`, { cause: error });
}
