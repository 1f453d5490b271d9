import { decidingHandlers } from '@signalbox/agent-kit-nest';
import { notificationRequested, ticketRequested } from '@signalbox/contracts';
import { TestBus, sameUnderFaults } from '@signalbox/test-kit';
import { after, complaint, customerId, monday10, opened, resolved, rules, updated } from '../test/samples.js';
import { customerState } from './customer.state.js';
import { SentimentHandlers } from './sentiment.handlers.js';

const sentiment = { name: 'sentiment', handlers: decidingHandlers(new SentimentHandlers(rules)) };
const open = (): Promise<TestBus> => TestBus.open({ agents: [sentiment], startsAt: monday10 });
const told = (bus: TestBus): string[] =>
  bus.emitted(notificationRequested).map(({ audience, action }) => `${audience} ${action}`);

describe('the whole agent on a bus', () => {
  it('escalates once after four business hours, then to a manager, and never again', async () => {
    const bus = await open();
    await bus.publish(complaint(), opened(monday10));
    await bus.advance(4 * 3_600_000 - 1);
    expect(told(bus)).toEqual(['support trigger']);
    await bus.advance(1);
    expect(told(bus)).toEqual(['support trigger', 'support-lead trigger']);
    await bus.advanceToNextDue();
    expect(bus.now).toEqual(new Date('2026-09-08T08:00:00.000Z'));
    expect(told(bus)).toEqual(['support trigger', 'support-lead trigger', 'manager trigger']);
    await bus.advance('30d');
    expect(told(bus)).toHaveLength(3);
    expect([bus.timers(), bus.deadLetters()]).toEqual([[], []]);
  });

  it('forgets the escalation when the ticket is resolved, a millisecond before it is due', async () => {
    const bus = await open();
    await bus.publish(updated(after(-1)), complaint(), opened(after(0.1)));
    await bus.advanceTo('2026-09-07T11:59:59.999Z');
    await bus.publish(resolved(bus.now.toISOString()));
    await bus.advance('30d');
    expect(told(bus)).toEqual(['support trigger', 'support resolve']);
    expect(bus.emitted(ticketRequested)).toHaveLength(1);
    expect(bus.state('sentiment', customerState, customerId)?.case).toBeUndefined();
  });
});

it(
  'has the same effects whatever is repeated, reordered, lost or killed',
  () =>
    sameUnderFaults({ agents: [sentiment], startsAt: monday10 }, async (bus) => {
      await bus.publish(updated(after(-1)));
      await bus.publish(complaint());
      await bus.publish(opened(after(0.1)));
      await bus.publish(complaint(after(0.2)));
      await bus.advance('1d');
      await bus.publish(resolved(bus.now.toISOString()));
      await bus.advance('30d');
    }),
  180_000,
);
