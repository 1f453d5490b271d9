// For workspaces that read this source: their tsconfig does not see the declaration.
/// <reference path="../kafkajs-internals.d.ts" />
import { createRequire } from 'node:module';
import { SignalboxError } from '@signalbox/errors';
import { version } from 'kafkajs/package.json';
import { encodeRecord, type EncodedRecord, type RecordParts } from './encode-record.js';

type Encode = (parts: RecordParts) => EncodedRecord;

const checkedVersion = '2.2.4';
let applied = false;

/**
 * Makes kafkajs encode records by `encodeRecord`; what that does not cover goes to kafkajs's own. kafkajs loads its
 * produce request with the first send, so that this has to be called before. Throws in any version but the checked one.
 */
export function useRecordEncoder(): void {
  if (applied) return;
  if (version !== checkedVersion) {
    throw new SignalboxError(
      'internal',
      `kafkajs ${version} is not the version this was written for (${checkedVersion}).`,
    );
  }
  const load = createRequire(__filename);
  const path = load.resolve('kafkajs/src/protocol/recordBatch/record/v0');
  const original = load(path) as Encode;
  const loaded = load.cache[path];
  if (loaded) loaded.exports = (parts: RecordParts): EncodedRecord => encodeRecord(parts) ?? original(parts);
  applied = true;
}
