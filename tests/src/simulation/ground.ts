import type { MemoryBroker, MemoryDatabase, SeededRandom, VirtualClock } from '@signalbox/test-kit';
import type { Faults } from './faults.js';
import type { PlannedEvent } from './plan.js';
import type { SimulatedReceiver } from './receiver.js';
import type { Scheduler } from './scheduler.js';

/** What the parts of a simulated world share. */
export interface Ground {
  readonly random: SeededRandom;
  readonly clock: VirtualClock;
  readonly database: MemoryDatabase;
  readonly broker: MemoryBroker;
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly receiver: SimulatedReceiver;
  readonly events: readonly PlannedEvent[];
  /** Notes a broken promise. */
  fail(what: string): void;
}
