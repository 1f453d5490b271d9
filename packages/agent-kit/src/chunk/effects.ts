import type { ActivityEntry } from '@signalbox/contracts';
import type { OutgoingRecord } from '../ports/records.js';
import type { DeadLetter, PendingInsert, TimerWrite } from '../ports/store.js';

/** A record for a topic; its partition is found when the chunk is written. */
export interface OutgoingEvent {
  readonly topic: string;
  readonly record: OutgoingRecord;
}

/** What the handlers of a chunk have led to, in order. */
export class Effects {
  readonly events: OutgoingEvent[] = [];
  readonly timers: TimerWrite[] = [];
  readonly pending: PendingInsert[] = [];
  readonly deadLetters: DeadLetter[] = [];
  readonly activity: ActivityEntry[] = [];
}
