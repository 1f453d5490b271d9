import {
  cancelTimer,
  defineState,
  emit,
  setState,
  setTimer,
  type AgentDefinition,
  type AnyHandler,
  type DecideHandler,
  type Output,
  type PerformHandler,
  type RetryPolicy,
  type TimerHandler,
} from '@signalbox/agent-kit';
import { defineInternalContract, usageRecorded } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import { z } from 'zod';
import { TIMERS, type Fate, type Script } from './plan.js';

export const AGENT = 'sim';
/** The middle delay goes over a retry topic, the others stay in the database. */
export const retry: RetryPolicy = { delaysMs: [1_000, 5_000, 2_000], afterDeadLetter: 'go-on' };
const actRetry: RetryPolicy = { delaysMs: [300, 1_000, 2_000, 4_000], afterDeadLetter: 'go-on' };

const numbered = z.looseObject({ user_id: z.string(), seq: z.number() });
const example = { user_id: 'ada', seq: 1 };
const internal = <T extends string>(type: T) =>
  defineInternalContract(AGENT, { type, summary: type, schema: numbered, keyField: 'user_id', example });
export const simStep = internal('sim.step');
export const simAct = internal('sim.act');
export const simActed = internal('sim.acted');
export const simFired = internal('sim.fired');

const account = defineState({
  kind: 'account',
  schema: z.object({
    log: z.array(z.number()),
    /** Results of acts, by number. */
    acted: z.array(z.number()),
    timers: z.record(z.string(), z.string().nullable()),
    /** Firings of timers that were not set: both the cancel and the firing won. */
    ghosts: z.array(z.string()),
    /** Each timer's end: fired, cancelled or moved, by the event that set it. */
    ends: z.array(z.string()),
  }),
});
const seqs = (kind: string) => defineState({ kind, schema: z.object({ log: z.array(z.number()) }) });
const echo = seqs('echo');
const tally = seqs('tally');

type Account = z.infer<typeof account.schema>;
const empty: Account = { log: [], acted: [], timers: {}, ghosts: [], ends: [] };

function live({ kind, ...rest }: Fate, eventTime: string, now: Date): void {
  if (kind === 'well') return;
  if (kind === 'fatal') throw new SignalboxError('handler_fatal', 'cannot ever be handled');
  const afterMs = kind === 'never' ? Infinity : (rest as { afterMs: number }).afterMs;
  if (now.getTime() < Date.parse(eventTime) + afterMs) throw new Error('not yet');
}

interface Usage {
  readonly user_id: string;
  readonly script: Script;
}

function decideUsage(data: Usage, eventId: string, now: Date, old: Account = empty): Output<Account>[] {
  const { seq, act, setTimer: set, cancelTimer: cancelled } = data.script;
  const state = { ...old, log: [...old.log, seq], timers: { ...old.timers }, ends: [...old.ends] };
  const outputs: Output<Account>[] = [emit(simStep, { user_id: data.user_id, seq })];
  if (act) outputs.push(emit(simAct, { user_id: data.user_id, seq, act }));
  for (const [name, end] of [
    [set?.name, 'moved'],
    [cancelled, 'cancelled'],
  ] as const) {
    const setBy = name === undefined ? null : (state.timers[name] ?? null);
    if (setBy !== null) state.ends.push(`${setBy} ${end}`);
    if (name !== undefined) state.timers[name] = null;
  }
  if (set) {
    state.timers[set.name] = eventId;
    outputs.push(setTimer(set.name, new Date(now.getTime() + set.inMs), { seq }));
  }
  if (cancelled) outputs.push(cancelTimer(cancelled));
  return [setState(state), ...outputs];
}

const usage: DecideHandler<Account, Usage> = {
  kind: 'decide',
  name: 'usage',
  contract: usageRecorded as never,
  state: account,
  retry,
  decide: ({ event, state, now }) => {
    live(event.data.script.fate, event.timestamp, now);
    return decideUsage(event.data, event.event_id, now, state);
  },
};

const acted: DecideHandler<Account, z.infer<typeof numbered>> = {
  kind: 'decide',
  name: 'acted',
  contract: simActed,
  state: account,
  retry,
  decide: ({ event, state = empty }) => [setState({ ...state, acted: [...state.acted, event.data.seq] })],
};

const collects = (
  name: string,
  state: typeof echo,
): DecideHandler<{ log: number[] }, z.infer<typeof numbered>> => ({
  kind: 'decide',
  name,
  contract: simStep,
  state,
  retry,
  decide: ({ event, state: old }) => [setState({ log: [...(old?.log ?? []), event.data.seq] })],
});

const tallies: DecideHandler<{ log: number[] }, Usage> = {
  kind: 'decide',
  name: 'tally',
  contract: usageRecorded as never,
  state: tally,
  ordering: 'none',
  retry,
  decide: ({ event, state: old, now }) => {
    live(event.data.script.tallyFate, event.timestamp, now);
    return [setState({ log: [...(old?.log ?? []), event.data.script.seq] })];
  },
};

const fires = (name: string): TimerHandler<Account> => ({
  kind: 'timer',
  name: `fire-${name}`,
  timer: name,
  state: account,
  retry,
  fire: ({ timer, key, state = empty, now }) => {
    if (now < timer.dueAt) throw new SignalboxError('handler_fatal', `timer ${name} fired early`);
    const isSet = state.timers[name] === timer.setBy;
    const ghosts = isSet ? state.ghosts : [...state.ghosts, `${timer.setBy} ${name}`];
    const ends = [...state.ends, `${timer.setBy} fired`];
    const timers = isSet ? { ...state.timers, [name]: null } : state.timers;
    const { seq } = timer.payload as { seq: number };
    return [setState({ ...state, ghosts, ends, timers }), emit(simFired, { user_id: key.value, seq })];
  },
});

/** The outside: does the act, or fails. Told the key that stays the same over every attempt. */
export type Receiver = (idempotencyKey: string, act: z.infer<typeof numbered>) => Promise<void>;

const performs = (receive: Receiver): PerformHandler<z.infer<typeof numbered>> => ({
  kind: 'perform',
  name: 'act',
  contract: simAct,
  destination: ({ data }) => `receiver-${data.user_id.length % 2}`,
  unknownOutcome: 'repeat',
  retry: actRetry,
  perform: async ({ data }, { idempotencyKey }) => {
    await receive(idempotencyKey, data);
    return [emit(simActed, { user_id: data.user_id, seq: data.seq })];
  },
  giveUp: () => [],
});

/** An agent with everything that can go wrong: state, internal events, timers, jobs, failures of every class. */
export const simulatedAgent = (receive: Receiver): AgentDefinition => ({
  name: AGENT,
  startFrom: 'earliest',
  codeVersion: '1',
  internal: [simStep, simAct, simActed, simFired],
  handlers: [
    usage,
    acted,
    collects('echo', echo),
    tallies,
    ...TIMERS.map(fires),
    performs(receive),
    collectsFired(),
  ] as AnyHandler[],
});

/** Firings are events as well: somebody must read them. */
function collectsFired(): AnyHandler {
  return { ...collects('fired', seqs('fired')), contract: simFired };
}
