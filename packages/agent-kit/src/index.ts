export {
  defaultRetryPolicy,
  type AgentDefinition,
  type AnyHandler,
  type Attempt,
  type DecideHandler,
  type DecideInput,
  type DecideOptions,
  type GiveUp,
  type PerformHandler,
  type PerformOptions,
  type ReadSnapshot,
  type RetryPolicy,
  type StartFrom,
  type TimerHandler,
  type TimerInput,
  type UnknownOutcome,
} from './handlers.js';
export {
  cancelTimer,
  clearState,
  emit,
  note,
  setState,
  setTimer,
  type CancelTimerOutput,
  type ClearStateOutput,
  type EmitOutput,
  type NoteOutput,
  type Output,
  type SetStateOutput,
  type SetTimerOutput,
} from './outputs.js';
export type {
  ConsumerCallbacks,
  FetchedBatch,
  IncomingRecord,
  OutgoingRecord,
  RecordConsumer,
  RecordProducer,
  TopicInspector,
  TopicPartition,
} from './ports/records.js';
export {
  defineState,
  type StateDefinition,
  type StateKey,
  type StateOf,
  type StateUpcaster,
} from './state.js';
export { partitionOf } from './murmur2.js';
export { allAnswers } from './ports/all-answers.js';
export { isFoundInTable } from './ports/pending.js';
export { CommitUnknownError, KeyMadeMeanwhileError } from './ports/store.js';
export type {
  ActEnd,
  ActStart,
  ActVerdict,
  ChunkWrites,
  Claim,
  ClaimDueRequest,
  DeadLetter,
  FenceRequest,
  FenceResult,
  FiringChain,
  Hash16,
  InboxRow,
  InboxVerdict,
  InputProgress,
  KeyRow,
  KeyWrite,
  LastRecord,
  Lease,
  LockMode,
  NextDue,
  OutboxInsert,
  OutboxRow,
  ParkedCounts,
  PendingInsert,
  PendingKind,
  PendingPostponement,
  PendingRow,
  PendingSettlement,
  QueueOfKey,
  RawRecord,
  Store,
  StoreTransaction,
  TimerCause,
  TimerWrite,
  WakeUp,
} from './ports/store.js';
export { editLetter, type EditedLetter, type LetterEdit } from './operate/edit-letter.js';
export type { JsonChange } from './operate/json-diff.js';
export { droppedLetter } from './operate/dropped-letter.js';
export type {
  BlockedKey,
  ControlState,
  LetterFilter,
  LetterGroup,
  LetterRedrive,
  LetterStatus,
  NotedOutcome,
  OperatorStore,
  RedriveRow,
  RedriveRun,
  RedriveVerdict,
  RunProgress,
  StoredLetter,
  Switch,
  SwitchName,
} from './operate/operator-store.js';
export { redriveLetter } from './operate/redrive-letter.js';
export { settleUnknown, type FoundOutcome } from './operate/settle-unknown.js';
export type { OfferedEvent, TakenEvent } from './intake/take-event.js';
export type { Clock, Random } from './ports/clock.js';
export type { CircuitState } from './pending/circuit.js';
export type { DestinationStatus } from './pending/destination.js';
export { AgentRuntime } from './runner/agent-runtime.js';
export type { AgentRuntimePorts, AgentStatus } from './runner/runtime-ports.js';
export type { RuntimeMetrics } from './runner/measures.js';
export type { Forgotten, StoreMeasures, Upkeep } from './ports/upkeep.js';
export type { Registry } from './registry.js';
export type { RuntimeLog } from './runner/log.js';
export { ShadowAgent, type ShadowDecision } from './shadow/shadow-agent.js';
export type { ShadowTimer } from './shadow/shadow-memory.js';
