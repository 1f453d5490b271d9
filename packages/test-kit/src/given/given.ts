import type { DecideInput, Output, StateDefinition, StateKey, TimerInput } from '@signalbox/agent-kit';
import { keyOf, type AnyContract, type EventEnvelope } from '@signalbox/contracts';
import { checkOutputs, type AnyState, type Emit } from './check-outputs.js';
import { decideTwice } from './decide-twice.js';
import { Decision } from './decision.js';
import type { TestEvent, TestTimer } from './event.js';
import { ExpectationError } from './expectation-error.js';
import { deepFreeze, storedForm } from './freeze.js';

/** A deciding function, or a declared handler that holds one (then its state's schema is checked, too). */
export type Decides<I, T> =
  | ((input: I) => readonly Output<T>[])
  | { readonly state?: AnyState; readonly decide: (input: I) => readonly Output<T>[] }
  | { readonly state?: AnyState; readonly fire: (input: I) => readonly Output<T>[] };

/** Another key's state, as `read` shows it to the handler. */
interface Neighbour {
  readonly kind: string;
  readonly value: string;
  readonly state: unknown;
}

interface Scene {
  readonly state: unknown;
  readonly definition?: AnyState;
  readonly neighbours: readonly Neighbour[];
}

/** The state a handler finds. */
export class Given<S> {
  constructor(private readonly scene: Scene) {}

  /** States of other keys, which the handler reads as a snapshot. */
  and<N>(definition: StateDefinition<N>, value: string, state: N): Given<S> {
    const neighbour = { kind: definition.kind, value, state: storedForm(state) };
    return new Given({ ...this.scene, neighbours: [...this.scene.neighbours, neighbour] });
  }

  when<D>(what: TestEvent<D>): When<DecideInput<S, D>>;
  when<P>(what: TestTimer<P>): When<TimerInput<S, P>>;
  when<D, P>(what: TestEvent<D> | TestTimer<P>): When<DecideInput<S, D>> | When<TimerInput<S, P>> {
    if (what.kind === 'event') {
      return new When(
        (now, key) => decideInput(this.scene, what, now, key) as DecideInput<S, D>,
        this.scene,
        {
          now: new Date(what.envelope.timestamp),
          key: keyOf(what.contract, what.envelope.data),
        },
      );
    }
    return new When((now, key) => timerInput(this.scene, what, now, key) as TimerInput<S, P>, this.scene, {
      now: what.dueAt,
      key: what.key,
    });
  }
}

/** What happens, and when. */
export class When<I> {
  constructor(
    private readonly inputOf: (now: Date, key: string) => I,
    private readonly scene: Scene,
    private readonly defaults: { readonly now: Date | undefined; readonly key: string },
  ) {}

  /** The agent's clock; left out: the event's own time, or the timer's due time. */
  at(time: string | Date): When<I> {
    const now = new Date(time);
    if (Number.isNaN(now.getTime())) throw new ExpectationError(`'${String(time)}' is no time`);
    return new When(this.inputOf, this.scene, { ...this.defaults, now });
  }

  /** Value of the state key; left out: the contract's key field. */
  forKey(value: string): When<I> {
    return new When(this.inputOf, this.scene, { ...this.defaults, key: value });
  }

  /** Runs the handler (twice: a decision must depend on nothing but its input) and checks what it puts out. */
  with<T>(decides: Decides<I, T>): Decision<T> {
    const { now, key } = this.defaults;
    if (now === undefined) throw new ExpectationError('a timer without a due time needs .at(time)');
    const decide = functionOf(decides);
    const state = typeof decides === 'function' ? this.scene.definition : decides.state;
    return new Decision(() => {
      const outputs = decideTwice(() => decide(deepFreeze(this.inputOf(now, key))));
      checkOutputs(outputs, (output) => envelopeOf(output, now), state);
      return outputs;
    });
  }
}

/**
 * Begins a test of one decision: `given(state).when(event(…)).at(time).with(decide).then(...outputs)`. The handler gets
 * the state in its stored form and frozen. With `definition` the state, before and after, is held against its schema.
 */
export function given(): Given<never>;
export function given<S>(state: NoInfer<S> | undefined, definition: StateDefinition<S>): Given<S>;
export function given<S>(state: S): Given<Exclude<S, undefined>>;
export function given<S>(state?: S, definition?: AnyState): Given<Exclude<S, undefined>> {
  const stored = storedForm(state);
  if (definition && stored !== undefined) definition.schema.parse(stored);
  return new Given({ state: stored, neighbours: [], ...(definition ? { definition } : {}) });
}

function functionOf<I, T>(decides: Decides<I, T>): (input: I) => readonly Output<T>[] {
  if (typeof decides === 'function') return decides;
  return 'decide' in decides ? decides.decide : decides.fire;
}

const keyFor = (scene: Scene, value: string): StateKey => ({
  kind: scene.definition?.kind ?? 'state',
  value,
});

function decideInput(scene: Scene, what: TestEvent, now: Date, key: string): DecideInput<unknown, unknown> {
  return {
    event: storedForm(what.envelope),
    key: keyFor(scene, key),
    state: storedForm(scene.state),
    now: new Date(now),
    read: <N>({ kind }: StateDefinition<N>, value: string) => {
      const found = scene.neighbours.find((one) => one.kind === kind && one.value === value);
      return deepFreeze(storedForm(found?.state)) as N | undefined;
    },
  };
}

function timerInput(scene: Scene, what: TestTimer, now: Date, key: string): TimerInput<unknown> {
  const { name, dueAt = now, payload, setBy, correlationId } = what;
  return {
    timer: { name, dueAt: new Date(dueAt), payload: storedForm(payload), setBy, correlationId },
    key: keyFor(scene, key),
    state: storedForm(scene.state),
    now: new Date(now),
  };
}

/** The envelope the runtime would make, as far as contracts can see it. */
function envelopeOf(output: Emit, now: Date): EventEnvelope {
  const contract: AnyContract = output.contract;
  return {
    event_id: 'checked-by-the-test-kit',
    event_type: contract.type,
    timestamp: now.toISOString(),
    data: output.data,
    metadata: { source_service: 'test-kit', correlation_id: 'test', causation_id: 'evt-1', hops: 1 },
  };
}
