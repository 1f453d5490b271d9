import { defineInternalContract, emailRequested, serviceDown, userSignedUp } from '@signalbox/contracts';
import { z } from 'zod';
import { agent, counter, onSignUp } from '../test/agent.js';
import type { AgentDefinition, AnyHandler } from './handlers.js';
import { createRegistry } from './registry.js';
import { defineState } from './state.js';

const thought = defineInternalContract('greeter', {
  type: 'greeter.thought',
  summary: 'A thought.',
  schema: z.looseObject({ id: z.string() }),
  keyField: 'id',
  example: { id: '1' },
});
const onThought: AnyHandler = { kind: 'decide', name: 'think', contract: thought, decide: () => [] };
const onTimer: AnyHandler = {
  kind: 'timer',
  name: 'remind',
  timer: 'remind',
  state: counter,
  fire: () => [],
};
const perform: AnyHandler = {
  kind: 'perform',
  name: 'send',
  contract: emailRequested,
  destination: () => 'smtp',
  unknownOutcome: 'ask',
  perform: () => Promise.resolve([]),
  giveUp: () => [],
};
const registry = (change: Partial<AgentDefinition>) => createRegistry({ ...agent, ...change });

describe('createRegistry', () => {
  it('finds handlers by topic and event type, timers by kind and name', () => {
    const second: AnyHandler = { ...onSignUp, name: 'count' };
    const found = registry({
      handlers: [onSignUp, onThought, onTimer, second, perform],
      internal: [thought],
    });
    expect(found.topics).toEqual(['email.requested', 'greeter.internal', 'user.signed_up']);
    expect(found.route('user.signed_up', userSignedUp.type)?.handlers).toEqual([onSignUp, second]);
    expect(found.route('user.signed_up', serviceDown.type)).toBeUndefined();
    expect(found.route('greeter.internal', thought.type)?.contract).toBe(thought);
    expect(found.timer('counter', 'remind')).toBe(onTimer);
    expect(found.timer('counter', 'other')).toBeUndefined();
    expect(found.performs).toBe(true);
    expect(registry({}).performs).toBe(false);
  });

  it.each<[string, RegExp, Partial<AgentDefinition>]>([
    ['a name Kafka would not take', /name must match/, { name: 'The Greeter' }],
    ['no handlers', /no handlers/, { handlers: [] }],
    ['two handlers of one name', /two handlers are called 'greet'/, { handlers: [onSignUp, onSignUp] }],
    ['two handlers of one timer', /has two handlers/, { handlers: [onTimer, { ...onTimer, name: 'again' }] }],
    ['an internal contract that is not declared', /neither in the catalogue/, { handlers: [onThought] }],
    [
      'a copy of a contract of the catalogue',
      /neither in the catalogue/,
      { handlers: [{ ...onSignUp, contract: { ...userSignedUp } }] },
    ],
    [
      'one kind of state defined twice',
      /defined twice/,
      {
        handlers: [
          onSignUp,
          { ...onSignUp, name: 'other', state: defineState({ kind: 'counter', schema: z.object({}) }) },
        ],
      },
    ],
  ])('refuses %s', (_what, message, change) => {
    expect(() => registry(change)).toThrow(expect.objectContaining({ code: 'agent_declaration_invalid' }));
    expect(() => registry(change)).toThrow(message);
  });

  it('says every mistake at once', () => {
    expect(() => registry({ name: '', handlers: [onSignUp, onSignUp] })).toThrow(
      /must match[^]*two handlers/,
    );
  });
});
