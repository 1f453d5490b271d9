import { replaceInternal } from '../replace-internal.js';
import { crc32c } from './crc32c.js';
import { encodeRecord, type EncodedRecord, type RecordParts } from './encode-record.js';

type Encode = (parts: RecordParts) => EncodedRecord;

let applied = false;

/**
 * Makes kafkajs encode records by `encodeRecord` (what that does not cover goes to kafkajs's own) and sum batches up by
 * `crc32c`.
 */
export function useRecordEncoder(): void {
  if (applied) return;
  applied = true;
  replaceInternal<Encode>('kafkajs/src/protocol/recordBatch/record/v0', (original) => (parts) => {
    return encodeRecord(parts) ?? original(parts);
  });
  replaceInternal('kafkajs/src/protocol/recordBatch/crc32C', () => crc32c);
}
