import type { Measures } from '../runner/measures.js';
import type { DestinationStatus } from './destination.js';

const circuitStates = { closed: 0, half_open: 1, open: 2 } as const;

/** Shows a connector's receivers as figures: calls at work, state of the circuit, how long they get no calls. */
export class DestinationGauges {
  private shown = new Set<string>();

  constructor(private readonly measures: Pick<Measures, 'gauge'>) {}

  /** A receiver that was shown before and is forgotten meanwhile is at rest. */
  show(statuses: readonly DestinationStatus[]): void {
    const now = new Set(statuses.map(({ destination }) => destination));
    const resting = [...this.shown].filter((destination) => !now.has(destination));
    for (const destination of resting) this.set({ destination, atWork: 0, circuit: 'closed', waitMs: 0 });
    for (const status of statuses) this.set(status);
    this.shown = now;
  }

  private set({ destination, atWork, circuit, waitMs }: DestinationStatus): void {
    const labels = { destination };
    this.measures.gauge('destination_calls_at_work', atWork, labels);
    this.measures.gauge('destination_circuit_state', circuitStates[circuit], labels);
    this.measures.gauge('destination_wait_seconds', waitMs / 1_000, labels);
  }
}
