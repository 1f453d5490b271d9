// For workspaces that read this source: their tsconfig does not see the declaration.
/// <reference path="../kafkajs-internals.d.ts" />
import { createRequire } from 'node:module';
import { SignalboxError } from '@signalbox/errors';
import { version } from 'kafkajs/package.json';
import { crc32c } from './crc32c.js';
import { encodeRecord, type EncodedRecord, type RecordParts } from './encode-record.js';

type Encode = (parts: RecordParts) => EncodedRecord;

const checkedVersion = '2.2.4';
let applied = false;

/**
 * Makes kafkajs encode records by `encodeRecord` (what that does not cover goes to kafkajs's own) and sum batches up by
 * `crc32c`. kafkajs loads its produce request with the first send, so that this has to be called before. Throws in any
 * version but the checked one.
 */
export function useRecordEncoder(): void {
  if (applied) return;
  if (version !== checkedVersion) {
    throw new SignalboxError(
      'internal',
      `kafkajs ${version} is not the version this was written for (${checkedVersion}).`,
    );
  }
  replace<Encode>('kafkajs/src/protocol/recordBatch/record/v0', (original) => (parts) => {
    return encodeRecord(parts) ?? original(parts);
  });
  replace('kafkajs/src/protocol/recordBatch/crc32C', () => crc32c);
  applied = true;
}

function replace<T>(name: string, by: (original: T) => T): void {
  const load = createRequire(__filename);
  const path = load.resolve(name);
  const original = load(path) as T;
  const loaded = load.cache[path];
  if (loaded) loaded.exports = by(original);
}
