import type { ActivityEntry } from '@signalbox/contracts';
import type { OutgoingRecord } from '../ports/records.js';
import { PENDING_POLL_MS } from '../ports/pending.js';
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

  /** Whether there is work that the next poll of the pending table may come too late for. */
  hasWorkBeforePoll(now: Date): boolean {
    const pollMs = now.getTime() + PENDING_POLL_MS;
    for (const timer of this.timers) {
      if (timer.action === 'cancel' || timer.dueAt.getTime() < pollMs) return true;
    }
    for (const { claimAt } of this.pending) {
      if (claimAt !== null && claimAt.getTime() < pollMs) return true;
    }
    return false;
  }
}
