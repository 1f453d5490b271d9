import { emit, type PerformHandler } from '@signalbox/agent-kit';
import { decidingHandlers } from '@signalbox/agent-kit-nest';
import { emailRequested, emailSent, userSignedUp, type DataOf } from '@signalbox/contracts';
import { TestBus, event, sameUnderFaults } from '@signalbox/test-kit';
import { OnboardingHandlers } from './onboarding.handlers.js';

const at = '2026-04-05T12:00:00Z';
const onboarding = { name: 'onboarding', handlers: decidingHandlers(new OnboardingHandlers()) };
const signUp = event(userSignedUp, userSignedUp.example, { at, eventId: 'sign-up' });

/** A connector that hands each mail to `post`. */
const mailer = (post: () => Promise<void>) => {
  const send: PerformHandler<DataOf<typeof emailRequested>> = {
    kind: 'perform',
    name: 'send',
    contract: emailRequested,
    destination: () => 'post office',
    unknownOutcome: 'repeat',
    perform: async ({ data: { recipient_id } }) => {
      await post();
      return [emit(emailSent, { ...emailSent.example, recipient_id })];
    },
    giveUp: () => [],
  };
  return { name: 'mailer', handlers: [send] };
};

it('has its one mail sent, although the post office is closed at first', async () => {
  let calls = 0;
  const post = async (): Promise<void> => {
    if ((calls += 1) < 3) throw new Error('closed');
  };
  const bus = await TestBus.open({ agents: [onboarding, mailer(post)], startsAt: at });
  await bus.publish(signUp);
  await bus.advance('2d');
  expect(bus.waiting('mailer')).toMatchObject([{ handler: 'send', attempts: 1 }]);
  await bus.advance('5s');
  expect(bus.events(emailSent)).toEqual([]);
  await bus.advance('1m');
  expect(bus.events(emailSent)).toHaveLength(1);
  await bus.advance('365d');
  expect([calls, bus.timers(), bus.deadLetters()]).toEqual([3, [], []]);
});

it('has the same effects whatever is repeated, reordered, lost or killed', async () => {
  await sameUnderFaults({ agents: [onboarding], startsAt: at }, async (bus) => {
    await bus.publish(signUp);
    await bus.advance('3d');
    expect(bus.emitted(emailRequested)).toHaveLength(1);
  });
}, 180_000);
