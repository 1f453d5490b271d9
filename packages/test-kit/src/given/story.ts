import type { AnyHandler, DecideHandler, Output, StateDefinition } from '@signalbox/agent-kit';
import { hopsMax, keyOf, type Contract, type EventEnvelope } from '@signalbox/contracts';
import { checkOutputs, type AnyState, type Emit } from './check-outputs.js';
import { decideTwice } from './decide-twice.js';
import type { TestEvent } from './event.js';
import { ExpectationError } from './expectation-error.js';
import { deepFreeze, storedForm } from './freeze.js';
import { StoryMemory, type StoryTimer, type Writer } from './story-memory.js';

/** What a story needs to know of an agent; an AgentDefinition is one. */
export interface StoryAgent {
  readonly name: string;
  readonly handlers: readonly AnyHandler[];
}

export type StoryOutcome = 'handled' | 'duplicate' | 'skipped';

/** Most events and firings that one step of a story may lead to: an endless loop ends here. */
const workPerStepMax = 10_000;

interface Work {
  readonly contract: Contract;
  readonly envelope: EventEnvelope;
}

/**
 * Plays events through an agent's handlers in memory, in the order given, with state per key, timers, duplicates and
 * `maxAge`, on a clock that moves only when told. For tests that tell a story in milliseconds; it has no partitions,
 * no transactions and no failures: a handler that throws ends the test.
 */
export class Story {
  private clock: Date | undefined;
  private readonly memory = new StoryMemory();
  private readonly seen = new Set<string>();
  private readonly queue: Work[] = [];
  /** Every event the agent has emitted so far, in order. */
  readonly events: EventEnvelope[] = [];
  /** The notes of all decisions so far, in order. */
  readonly notes: string[] = [];

  /** `startsAt` sets the clock; left out: the time of the first event. */
  constructor(
    private readonly agent: StoryAgent,
    startsAt?: string | Date,
  ) {
    if (startsAt !== undefined) this.clock = new Date(startsAt);
  }

  get now(): Date {
    if (!this.clock) throw new ExpectationError('the story has no time before its first event');
    return new Date(this.clock);
  }

  /** Hands over one event. The clock moves on to the event's time, never back; timers due until then fire first. */
  publish<D>(what: TestEvent<D>): StoryOutcome {
    const at = new Date(what.envelope.timestamp);
    this.advanceTo(this.clock && this.clock > at ? this.clock : at);
    const handlers = this.handlersOf(what.contract.type);
    if (handlers.length === 0)
      throw new ExpectationError(`${this.agent.name} has no handler for ${what.contract.type}`);
    const outcome = this.receive({
      contract: what.contract,
      envelope: storedForm(what.envelope),
    });
    this.workOff();
    return outcome;
  }

  /** Moves the clock to `time` and fires what is due on the way, each timer at its own due time. */
  advanceTo(time: string | Date): void {
    const target = new Date(time);
    if (this.clock && target < this.clock)
      throw new ExpectationError('the clock of a story does not go back');
    this.clock ??= target;
    for (let timer = this.memory.takeDue(target), count = 0; timer; timer = this.memory.takeDue(target)) {
      if ((count += 1) > workPerStepMax)
        throw new ExpectationError(`timer '${timer.name}' sets itself without end`);
      if (timer.dueAt > this.clock) this.clock = timer.dueAt;
      this.fire(timer);
      this.workOff();
    }
    this.clock = target;
  }

  advanceBy(milliseconds: number): void {
    this.advanceTo(new Date(this.now.getTime() + milliseconds));
  }

  state<S>(definition: StateDefinition<S>, key: string): S | undefined {
    return this.memory.state(definition, key);
  }

  /** The timers that wait, of one key or of all, the earliest first. */
  timers(key?: string): readonly StoryTimer[] {
    return this.memory.timers().filter((timer) => key === undefined || timer.key === key);
  }

  /** Data of the emitted events of one type so far, in order. */
  emitted<D>(contract: Contract<string, D>): readonly D[] {
    return this.events.flatMap(({ event_type, data }) => (event_type === contract.type ? [data as D] : []));
  }

  private handlersOf(type: string): readonly DecideHandler[] {
    return this.agent.handlers.filter(
      (handler): handler is DecideHandler => handler.kind === 'decide' && handler.contract.type === type,
    );
  }

  private workOff(): void {
    for (let count = 0, work = this.queue.shift(); work; work = this.queue.shift()) {
      if ((count += 1) > workPerStepMax)
        throw new ExpectationError(`events of ${work.contract.type} lead to each other without end`);
      this.receive(work);
    }
  }

  private receive({ contract, envelope }: Work): StoryOutcome {
    const id = JSON.stringify([envelope.metadata.source_service, envelope.event_id]);
    if (this.seen.has(id)) return 'duplicate';
    this.seen.add(id);
    let outcome: StoryOutcome = 'skipped';
    for (const handler of this.handlersOf(contract.type)) {
      const ageMs = this.now.getTime() - Date.parse(envelope.timestamp);
      if (handler.maxAgeMs !== undefined && ageMs > handler.maxAgeMs) continue;
      outcome = 'handled';
      this.decide(handler, envelope);
    }
    return outcome;
  }

  private decide(handler: DecideHandler, envelope: EventEnvelope): void {
    const key = handler.key ? handler.key(envelope) : keyOf(handler.contract, envelope.data);
    const kind = handler.state?.kind ?? '';
    const allowed = new Set(
      (handler.reads?.(envelope) ?? []).map((one) => JSON.stringify([one.kind, one.value])),
    );
    const input = () => ({
      event: deepFreeze(storedForm(envelope)),
      key: { kind, value: key },
      state: handler.state && this.memory.state(handler.state, key),
      now: this.now,
      read: <S>(definition: StateDefinition<S>, value: string): S | undefined => {
        if (allowed.has(JSON.stringify([definition.kind, value])))
          return this.memory.state(definition, value);
        throw new ExpectationError(
          `'${handler.name}' reads ${definition.kind}/${value}, which its reads do not name`,
        );
      },
    });
    const writer = { kind, key, setBy: envelope.event_id, correlationId: envelope.metadata.correlation_id };
    this.commit(writer, envelope.metadata.hops ?? 0, handler.state, () => handler.decide(input()));
  }

  private fire(timer: StoryTimer): void {
    const handler = this.agent.handlers.find(
      (one) => one.kind === 'timer' && one.timer === timer.name && one.state.kind === timer.kind,
    );
    if (handler?.kind !== 'timer')
      throw new ExpectationError(`no handler for timer '${timer.name}' of ${timer.kind}`);
    const input = () => ({
      timer: deepFreeze({ ...timer, payload: storedForm(timer.payload) }),
      key: { kind: timer.kind, value: timer.key },
      state: this.memory.state(handler.state, timer.key),
      now: this.now,
    });
    this.commit(timer, 0, handler.state, () => handler.fire(input()));
  }

  private commit(
    writer: Writer,
    hops: number,
    state: AnyState | undefined,
    run: () => readonly Output<unknown>[],
  ): void {
    const outputs = decideTwice(run);
    checkOutputs(outputs, (output) => this.envelopeOf(output, writer, hops), state);
    this.memory.apply(writer, outputs);
    for (const output of outputs) {
      if (output.kind === 'note') this.notes.push(output.text);
      if (output.kind !== 'emit') continue;
      const envelope = this.envelopeOf(output, writer, hops);
      this.events.push(envelope);
      this.queue.push({ contract: output.contract as Contract, envelope });
    }
  }

  private envelopeOf(output: Emit, writer: Writer, hops: number): EventEnvelope {
    if (hops + 1 > hopsMax)
      throw new ExpectationError(`a chain of more than ${hopsMax} events: the agent feeds itself`);
    return {
      event_id: `out-${this.events.length + 1}`,
      event_type: output.contract.type,
      timestamp: this.now.toISOString(),
      data: output.data,
      metadata: {
        source_service: this.agent.name,
        correlation_id: writer.correlationId,
        causation_id: writer.setBy,
        hops: hops + 1,
      },
    };
  }
}
