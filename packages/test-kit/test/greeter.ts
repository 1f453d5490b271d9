import {
  cancelTimer,
  defineState,
  emit,
  setState,
  setTimer,
  type AnyHandler,
  type Attempt,
  type DecideInput,
  type Output,
  type TimerInput,
} from '@signalbox/agent-kit';
import {
  emailFailed,
  emailRequested,
  emailSent,
  subscriptionStarted,
  usageRecorded,
  userSignedUp,
  type DataOf,
  type EventEnvelope,
} from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import { z } from 'zod';
import type { BusAgent } from '../src/bus/bus-agent.js';
import { event, type TestEvent } from '../src/given/event.js';

const schema = z.object({ uses: z.array(z.string()), sent: z.number(), reminded: z.boolean() });
type Guest = z.infer<typeof schema>;

/** What the greeter knows of a user. */
export const guest = defineState<Guest>({ kind: 'guest', schema });
const stranger: Guest = { uses: [], sent: 0, reminded: false };
export const remindAfterMs = 4 * 3_600_000;

const mail = (user: string, purpose: string): Output<Guest> =>
  emit(
    emailRequested,
    { recipient_id: user, to: `${user}@example.com`, subject: purpose, body_text: purpose, purpose },
    { label: purpose },
  );

const signedUp = ({
  event: { data },
  state = stranger,
  now,
}: DecideInput<Guest, DataOf<typeof userSignedUp>>): Output<Guest>[] => [
  setState(state),
  setTimer('remind', new Date(now.getTime() + remindAfterMs), { plan: data.plan ?? '' }),
  mail(data.user_id, 'welcome'),
];

/** The feature's name says how the event fares: `never`, `fatal`, or `after <ms>` from its own time. */
function fare(feature: string, at: string, now: Date): void {
  if (feature === 'never') throw new Error('never works');
  if (feature === 'fatal') throw new SignalboxError('handler_fatal', 'cannot be handled');
  const [, ms = '0'] = /^after (\d+)$/.exec(feature) ?? [];
  if (now.getTime() < Date.parse(at) + Number(ms)) throw new Error('not yet');
}

const used = ({
  event: { data, timestamp },
  state = stranger,
  now,
}: DecideInput<Guest, DataOf<typeof usageRecorded>>): Output<Guest>[] => {
  fare(data.feature, timestamp, now);
  return [setState({ ...state, uses: [...state.uses, data.feature] })];
};

const subscribed = ({ state = stranger }: DecideInput<Guest, unknown>): Output<Guest>[] => [
  setState(state),
  cancelTimer('remind'),
];

const sent = ({ state = stranger }: DecideInput<Guest, unknown>): Output<Guest>[] => [
  setState({ ...state, sent: state.sent + 1 }),
];

const remind = ({ key, state = stranger }: TimerInput<Guest>): Output<Guest>[] => [
  setState({ ...state, reminded: true }),
  mail(key.value, 'reminder'),
];

/** An agent with state, a timer, retries and requests to a connector. */
export const greeter: BusAgent = {
  name: 'greeter',
  handlers: [
    { kind: 'decide', name: 'signedUp', contract: userSignedUp, state: guest, decide: signedUp },
    { kind: 'decide', name: 'used', contract: usageRecorded, state: guest, decide: used },
    { kind: 'decide', name: 'subscribed', contract: subscriptionStarted, state: guest, decide: subscribed },
    { kind: 'decide', name: 'sent', contract: emailSent, state: guest, decide: sent },
    { kind: 'timer', name: 'remind', timer: 'remind', state: guest, fire: remind },
  ] as AnyHandler[],
};

type Mail = DataOf<typeof emailRequested>;

/** A connector that hands each mail to `post`. */
export const mailer = (post: (mail: Mail, attempt: Attempt) => Promise<void>): BusAgent => ({
  name: 'mailer',
  handlers: [
    {
      kind: 'perform',
      name: 'send',
      contract: emailRequested,
      destination: () => 'post office',
      unknownOutcome: 'repeat',
      perform: async (request: EventEnvelope<Mail>, attempt: Attempt) => {
        await post(request.data, attempt);
        const { recipient_id, to, subject, purpose } = request.data;
        const sent_at = attempt.now.toISOString();
        return [emit(emailSent, { ...emailSent.example, recipient_id, to, subject, purpose, sent_at })];
      },
      giveUp: (request: EventEnvelope<Mail>) => [
        emit(emailFailed, { ...emailFailed.example, recipient_id: request.data.recipient_id }),
      ],
    },
  ] as AnyHandler[],
});

export const monday = '2026-09-07T08:00:00.000Z';
/** `ms` after Monday at eight. */
export const later = (ms: number): string => new Date(Date.parse(monday) + ms).toISOString();

export const signUp = (user: string, at = monday): TestEvent =>
  event(userSignedUp, { ...userSignedUp.example, user_id: user }, { at, eventId: `sign-up ${user}` });
export const use = (user: string, feature: string, at = monday): TestEvent =>
  event(
    usageRecorded,
    { user_id: user, feature, quantity: 1, unit: 'call' },
    { at, eventId: `${user} ${feature} ${at}` },
  );
export const subscribe = (user: string, at: string): TestEvent =>
  event(
    subscriptionStarted,
    { user_id: user, plan: 'premium', started_at: at },
    { at, eventId: `paid ${user}` },
  );
