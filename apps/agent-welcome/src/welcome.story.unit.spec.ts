import { decidingHandlers } from '@signalbox/agent-kit-nest';
import { emailRequested, userSignedUp } from '@signalbox/contracts';
import { Story, event } from '@signalbox/test-kit';
import { WelcomeHandlers } from './welcome.handlers.js';

const signUp = (user: string, at: string) =>
  event(userSignedUp, { ...userSignedUp.example, user_id: user }, { at, eventId: `sign-up of ${user}` });

it('greets everyone once, however old the sign-up is', () => {
  const story = new Story(
    { name: 'welcome', handlers: decidingHandlers(new WelcomeHandlers()) },
    '2026-04-10T12:00:00Z',
  );
  expect(story.publish(signUp('a', '2026-04-10T11:59:00Z'))).toBe('handled');
  expect(story.publish(signUp('a', '2026-04-10T11:59:00Z'))).toBe('duplicate');
  expect(story.publish(signUp('b', '2026-01-03T12:00:00Z'))).toBe('handled');
  expect(story.emitted(emailRequested).map(({ recipient_id }) => recipient_id)).toEqual(['a', 'b']);
});
