import { decodeRecord, type BatchContext, type DecodedRecord } from './decode-record.js';
import { replaceInternal } from './replace-internal.js';

type Decode = (decoder: { readonly buffer: Buffer }, batch: BatchContext) => DecodedRecord;

let applied = false;

/** Makes kafkajs decode records by `decodeRecord`; what that does not cover goes to kafkajs's own. */
export function useRecordDecoder(): void {
  if (applied) return;
  applied = true;
  replaceInternal<Decode>(
    'kafkajs/src/protocol/recordBatch/record/v0/decoder',
    (original) => (decoder, batch) => {
      return decodeRecord(decoder.buffer, batch) ?? original(decoder, batch);
    },
  );
}
