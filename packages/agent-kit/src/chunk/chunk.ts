import type { AnyContract, EventEnvelope } from '@signalbox/contracts';
import type { SignalboxError } from '@signalbox/errors';
import type { IncomingRecord, TopicPartition } from '../ports/records.js';
import type { FenceResult, Hash16, LastRecord, StoreTransaction } from '../ports/store.js';
import type { AnyDecide, AnyPerform, Route } from '../registry.js';
import type { StateKey } from '../state.js';
import type { Effects } from './effects.js';
import type { KeyCells } from './key-cells.js';

/** Records of one partition that are handled in one transaction. Built once; a repeat of the chunk uses it again. */
export interface ChunkInput {
  readonly partition: TopicPartition;
  readonly epoch: bigint;
  /** Progress before and after the chunk. */
  readonly from: bigint;
  readonly next: bigint;
  readonly last?: LastRecord;
  readonly items: readonly DecodedItem[];
}

/** A record that could be read as an event this agent has handlers for. */
export interface EventItem {
  readonly kind: 'event';
  readonly record: IncomingRecord;
  readonly event: EventEnvelope;
  readonly contract: AnyContract;
  readonly route: Route;
  readonly identity: Hash16;
  readonly fingerprint: Hash16;
  readonly units: readonly HandlerUnit[];
  /** Why this code can't read the event yet: it waits for newer code. */
  readonly newer?: SignalboxError;
}
/** A record that can never be handled: it becomes a dead letter with its raw bytes. */
export interface PoisonItem {
  readonly kind: 'poison';
  readonly record: IncomingRecord;
  readonly error: SignalboxError;
  /** What could be read of the event all the same. */
  readonly event?: EventEnvelope;
}
export type DecodedItem = EventItem | PoisonItem;

/** One handler's share of an event. */
export interface HandlerUnit {
  readonly handler: AnyDecide | AnyPerform;
  readonly key: StateKey;
  readonly reads: readonly StateKey[];
}

/** One run of a chunk: the open transaction and what the steps have found so far. */
export interface ChunkRun {
  readonly input: ChunkInput;
  readonly tx: StoreTransaction;
  readonly effects: Effects;
  /** Outbox rows already acknowledged, to be deleted with this transaction. */
  readonly acknowledged: readonly bigint[];
  /** Set by `fence`. */
  opened?: FenceResult;
  /** Events this run takes responsibility for, in order; set by `inbox`. */
  taken: EventItem[];
  /** Set by `lock`. */
  cells?: KeyCells;
}

/** Takes what the database answered into the run; called when the answers of all opening steps are there, in their order. */
export type Settle = () => void | Promise<void>;

/** Thrown by a step: the claim is lost, the chunk is dropped. */
export class ClaimLostError extends Error {
  constructor(partition: TopicPartition) {
    super(`the claim on ${partition.topic}/${partition.partition} is lost`);
    this.name = 'ClaimLostError';
  }
}
