import type { AnyContract, DataOf } from '@signalbox/contracts';

/** Publish an event. Its id, correlation, causation and hops are derived by the runtime. */
export interface EmitOutput {
  readonly kind: 'emit';
  readonly contract: AnyContract;
  readonly data: unknown;
  /** Tells outputs of the same type and key apart, so that their ids do not depend on their order. */
  readonly label?: string;
}
/** Replace the state of the event's key. */
export interface SetStateOutput<S> {
  readonly kind: 'set_state';
  readonly state: S;
}
/** Forget the state of the event's key. */
export interface ClearStateOutput {
  readonly kind: 'clear_state';
}
/** Set or move the timer `name` of the event's key. */
export interface SetTimerOutput {
  readonly kind: 'set_timer';
  readonly name: string;
  readonly dueAt: Date;
  readonly payload: unknown;
}
/** Cancel the timer `name` of the event's key; no timer of that name is no error. */
export interface CancelTimerOutput {
  readonly kind: 'cancel_timer';
  readonly name: string;
}
/** Say in a sentence why the handler decided so; shown in `story` and the activity record, at most 1,000 characters. */
export interface NoteOutput {
  readonly kind: 'note';
  readonly text: string;
}

/** What a handler decided, as a value. `S` is the state of its key. */
export type Output<S = never> =
  EmitOutput | SetStateOutput<S> | ClearStateOutput | SetTimerOutput | CancelTimerOutput | NoteOutput;

/** Publish `data` under `contract`; it is checked against the contract before anything is written. */
export function emit<C extends AnyContract>(
  contract: C,
  data: DataOf<C>,
  options: { readonly label?: string } = {},
): EmitOutput {
  return { kind: 'emit', contract, data, ...options };
}
export const setState = <S>(state: S): SetStateOutput<S> => ({ kind: 'set_state', state });
export const clearState = (): ClearStateOutput => ({ kind: 'clear_state' });
/** `dueAt` in the agent's clock; a due time in the past fires at once. `payload` is JSON, at most 64 KiB. */
export const setTimer = (name: string, dueAt: Date, payload: unknown = null): SetTimerOutput => ({
  kind: 'set_timer',
  name,
  dueAt,
  payload,
});
export const cancelTimer = (name: string): CancelTimerOutput => ({ kind: 'cancel_timer', name });
export const note = (text: string): NoteOutput => ({ kind: 'note', text });
