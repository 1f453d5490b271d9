import 'reflect-metadata';
import type {
  Attempt,
  DecideInput,
  DecideOptions,
  EmitOutput,
  GiveUp,
  NoteOutput,
  Output,
  PerformOptions,
  RetryPolicy,
  StateDefinition,
  TimerInput,
} from '@signalbox/agent-kit';
import type { Contract, EventEnvelope } from '@signalbox/contracts';
import { Controller } from '@nestjs/common';
import { declareHandler, markAsHandlers } from './metadata.js';

/** A decorator for methods of type `F` or narrower. */
type Method<F> = <T extends F>(
  target: object,
  name: string | symbol,
  descriptor: TypedPropertyDescriptor<T>,
) => void;

/** Marks a class whose methods are handlers; list it under `controllers` of the app's module. */
export function AgentHandlers(): ClassDecorator {
  return (target) => {
    Controller()(target);
    markAsHandlers(target);
  };
}

/** The method decides on events of this contract: a pure function of its input to outputs. */
export function On<D, S = undefined>(
  contract: Contract<string, D>,
  options: DecideOptions<S, D> = {},
): Method<(input: DecideInput<S, D>) => readonly Output<S>[]> {
  return (_target, _name, descriptor) =>
    declareHandler(descriptor.value as object, { ...options, kind: 'decide', contract });
}

/** The method decides what happens when the timer `timer` of a key of `state` fires. */
export function OnTimer<S>(
  state: StateDefinition<S>,
  timer: string,
  options: { readonly retry?: RetryPolicy } = {},
  // The payload's type is known to the handler that set the timer, not to the decorator.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
): Method<(input: TimerInput<S, any>) => readonly Output<S>[]> {
  return (_target, _name, descriptor) =>
    declareHandler(descriptor.value as object, { ...options, kind: 'timer', state, timer });
}

/** The method performs the outside act a request event asks for. Pipes, guards and interceptors apply. */
export function Perform<D>(
  contract: Contract<string, D>,
  options: PerformOptions<D> & {
    readonly giveUp: (event: EventEnvelope<D>, failure: GiveUp) => readonly (EmitOutput | NoteOutput)[];
  },
): Method<(event: EventEnvelope<D>, attempt: Attempt) => Promise<readonly (EmitOutput | NoteOutput)[]>> {
  return (_target, _name, descriptor) =>
    declareHandler(descriptor.value as object, { ...options, kind: 'perform', contract });
}
