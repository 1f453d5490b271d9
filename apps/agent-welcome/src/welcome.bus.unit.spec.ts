import { decidingHandlers } from '@signalbox/agent-kit-nest';
import { emailRequested, userSignedUp } from '@signalbox/contracts';
import { event, sameUnderFaults } from '@signalbox/test-kit';
import { WelcomeHandlers } from './welcome.handlers.js';

const welcome = { name: 'welcome', handlers: decidingHandlers(new WelcomeHandlers()) };
const signUp = (user: string) =>
  event(userSignedUp, { ...userSignedUp.example, user_id: user }, { eventId: `sign-up of ${user}` });

it(
  'greets each once whatever is repeated, reordered, lost or killed',
  () =>
    sameUnderFaults({ agents: [welcome] }, async (bus) => {
      await bus.publish(signUp('ada'), signUp('ben'), signUp('ada'));
      expect(bus.emitted(emailRequested)).toHaveLength(2);
    }),
  180_000,
);
