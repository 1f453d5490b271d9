// For workspaces that read this source: their tsconfig does not see the declaration.
/// <reference path="../kafkajs-internals.d.ts" />
import Batch from 'kafkajs/src/consumer/batch';
import { refuseOtherKafkajs } from '../checked-kafkajs.js';

/** What a kafkajs batch holds beyond its public type. */
export interface RawBatch {
  /** The offset the fetch asked for. */
  readonly fetchedOffset: string;
  /** All records of the answer: also those before the fetched offset, aborted ones and transaction markers. */
  readonly rawMessages: readonly unknown[];
}

let applied = false;

/**
 * Makes kafkajs hand every fetched batch to `eachBatch`. By itself it keeps back those of only transaction markers,
 * aborted or compacted records (pitfall 21) and moves on without a word, so that a position kept outside kafkajs
 * stands still; its START_BATCH_PROCESS event lacks the fetched offset, without which a batch from before a seek can't
 * be told apart. The two methods are used nowhere else in the checked version. Throws in any other version.
 */
export function deliverEveryBatch(): void {
  if (applied) return;
  const methods = Batch.prototype as { isEmpty?: () => boolean; isEmptyDueToFiltering?: () => boolean };
  refuseOtherKafkajs(Boolean(methods.isEmpty && methods.isEmptyDueToFiltering));
  methods.isEmpty = () => false;
  methods.isEmptyDueToFiltering = () => false;
  applied = true;
}
