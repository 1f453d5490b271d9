import {
  defineState,
  emit,
  note,
  type Attempt,
  type DecideInput,
  type EmitOutput,
  type NoteOutput,
  type Output,
  type TimerInput,
} from '@signalbox/agent-kit';
import {
  emailFailed,
  emailRequested,
  userSignedUp,
  type DataOf,
  type EventEnvelope,
} from '@signalbox/contracts';
import { z } from 'zod';
import { AgentHandlers, On, OnTimer, Perform } from '../decorators/decorators.js';
import { decidingHandlers } from './deciding-handlers.js';

const state = defineState({ kind: 'sample', schema: z.strictObject({ total: z.number() }) });
type State = { total: number };

@AgentHandlers()
class Sample {
  private readonly greeting = 'hello';

  @On(userSignedUp, { state, maxAgeMs: 5 })
  signedUp({ event }: DecideInput<State, DataOf<typeof userSignedUp>>): readonly Output<State>[] {
    return [note(`${this.greeting} ${event.data.user_id}`)];
  }

  @OnTimer(state, 'later')
  later({ timer }: TimerInput<State>): readonly Output<State>[] {
    return [note(`${this.greeting} ${timer.name}`)];
  }

  @Perform(emailRequested, {
    destination: () => 'here',
    unknownOutcome: 'ask',
    giveUp: (event) => [emit(emailFailed, { ...emailFailed.example, recipient_id: event.data.recipient_id })],
  })
  send(
    _event: EventEnvelope<DataOf<typeof emailRequested>>,
    _attempt: Attempt,
  ): Promise<readonly (EmitOutput | NoteOutput)[]> {
    return Promise.resolve([]);
  }

  helper(): string {
    return this.greeting;
  }
}

describe('decidingHandlers', () => {
  const handlers = decidingHandlers(new Sample());

  it('finds deciding and timer handlers with their declarations', () => {
    expect(handlers).toMatchObject([
      { kind: 'decide', name: 'signedUp', contract: userSignedUp, state, maxAgeMs: 5 },
      { kind: 'timer', name: 'later', timer: 'later', state },
    ]);
    expect(handlers).toHaveLength(2);
  });

  it('calls them with their instance', () => {
    const [signedUp, later] = handlers;
    if (signedUp?.kind !== 'decide' || later?.kind !== 'timer')
      throw new TypeError('other handlers were found');
    const input = { event: { data: { user_id: 'usr-1' } } } as never;
    expect(signedUp.decide(input)).toEqual([note('hello usr-1')]);
    expect(later.fire({ timer: { name: 'later' } } as never)).toEqual([note('hello later')]);
  });
});
