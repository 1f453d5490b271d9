import { decidingHandlers } from '@signalbox/agent-kit-nest';
import { emailRequested, usageRecorded, userSignedUp } from '@signalbox/contracts';
import { Story, event } from '@signalbox/test-kit';
import { patienceMs } from './onboarding.decide.js';
import { OnboardingHandlers } from './onboarding.handlers.js';

const at = '2026-04-05T12:00:00Z';
const signUp = event(userSignedUp, userSignedUp.example, { at, eventId: 'sign-up' });
const use = event(usageRecorded, usageRecorded.example, { at, eventId: 'use' });
const story = () => new Story({ name: 'onboarding', handlers: decidingHandlers(new OnboardingHandlers()) });

it('writes once to a user who has used nothing for two days', () => {
  const told = story();
  told.publish(signUp);
  told.advanceBy(patienceMs - 1);
  expect(told.emitted(emailRequested)).toEqual([]);
  told.advanceBy(1);
  expect(told.emitted(emailRequested)).toMatchObject([{ to: 'jane.doe@example.com' }]);
  told.advanceBy(10 * patienceMs);
  expect(told.emitted(emailRequested)).toHaveLength(1);
});

it('leaves alone who has begun', () => {
  const told = story();
  told.publish(signUp);
  told.publish(use);
  told.advanceBy(10 * patienceMs);
  expect(told.emitted(emailRequested)).toEqual([]);
});
