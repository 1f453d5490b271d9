import type { Output, StateDefinition } from '@signalbox/agent-kit';
import { deepFreeze, storedForm } from './freeze.js';

/** A timer that waits in a story. */
export interface StoryTimer {
  readonly kind: string;
  readonly key: string;
  readonly name: string;
  readonly dueAt: Date;
  readonly payload: unknown;
  readonly setBy: string;
  readonly correlationId: string;
}

/** Who writes: the state key, and the event or timer that led to it. */
export interface Writer {
  readonly kind: string;
  readonly key: string;
  readonly setBy: string;
  readonly correlationId: string;
}

const idOf = (...parts: readonly string[]): string => JSON.stringify(parts);

/** States and timers of one agent, in memory; states are kept in their stored form. */
export class StoryMemory {
  private readonly states = new Map<string, unknown>();
  private readonly timersById = new Map<string, StoryTimer>();

  state<S>({ kind }: Pick<StateDefinition<S>, 'kind'>, key: string): S | undefined {
    return deepFreeze(storedForm(this.states.get(idOf(kind, key)))) as S | undefined;
  }

  /** Writes state and timers; emits and notes are not its business. */
  apply(writer: Writer, outputs: readonly Output<unknown>[]): void {
    const { kind, key, setBy, correlationId } = writer;
    for (const output of outputs) {
      if (output.kind === 'set_state') this.states.set(idOf(kind, key), storedForm(output.state));
      if (output.kind === 'clear_state') this.states.delete(idOf(kind, key));
      if (output.kind === 'cancel_timer') this.timersById.delete(idOf(kind, key, output.name));
      if (output.kind === 'set_timer') {
        const { name, dueAt, payload } = output;
        const timer = { kind, key, name, dueAt, payload: storedForm(payload ?? null), setBy, correlationId };
        this.timersById.set(idOf(kind, key, name), timer);
      }
    }
  }

  /** Waiting timers, the earliest first. */
  timers(): StoryTimer[] {
    return [...this.timersById.values()].sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime());
  }

  /** Takes the earliest timer that is due at `now` out of the memory. */
  takeDue(now: Date): StoryTimer | undefined {
    const [first] = this.timers();
    if (!first || first.dueAt > now) return undefined;
    this.timersById.delete(idOf(first.kind, first.key, first.name));
    return first;
  }
}
