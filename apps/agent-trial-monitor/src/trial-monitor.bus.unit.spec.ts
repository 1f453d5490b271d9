import { decidingHandlers } from '@signalbox/agent-kit-nest';
import { emailRequested, trialConverted, trialExpired } from '@signalbox/contracts';
import { TestBus, sameUnderFaults } from '@signalbox/test-kit';
import { day, end, signUp, start, subscribed, usage } from '../test/samples.js';
import { TrialMonitorHandlers } from './trial-monitor.handlers.js';
import { trialState } from './trial.state.js';

const monitor = { name: 'trial-monitor', handlers: decidingHandlers(new TrialMonitorHandlers()) };
const open = (): Promise<TestBus> => TestBus.open({ agents: [monitor], startsAt: start });
const subjects = (bus: TestBus): string[] => bus.emitted(emailRequested).map(({ subject }) => subject);
const aMomentBefore = (time: string): Date => new Date(Date.parse(time) - 1);

describe('the whole agent on a bus', () => {
  it('nudges three days and one day before the end, each to the millisecond, and then ends the trial', async () => {
    const bus = await open();
    await bus.publish(signUp(), usage(day(0)));
    await bus.advanceTo(aMomentBefore(day(11)));
    expect(subjects(bus)).toEqual([]);
    await bus.advance(1);
    expect(subjects(bus)).toEqual(['Three days left in your trial']);
    expect(await bus.advanceToNextDue()).toBe(true);
    expect(bus.now.toISOString()).toBe(day(13));
    expect(subjects(bus)).toEqual(['Three days left in your trial', 'Your trial ends tomorrow']);
    await bus.advanceTo(aMomentBefore(end));
    expect(bus.emitted(trialExpired)).toEqual([]);
    await bus.advance('365d');
    expect(bus.emitted(trialExpired)).toMatchObject([{ expired_at: end, usage: { report_export: 3 } }]);
    expect([subjects(bus).length, bus.timers()]).toEqual([2, []]);
  });

  it('nudges nobody after the conversion', async () => {
    const bus = await open();
    await bus.publish(signUp());
    await bus.publish(subscribed(day(10)));
    await bus.advance('365d');
    expect(subjects(bus)).toEqual([]);
    expect(bus.emitted(trialConverted)).toHaveLength(1);
    expect(bus.state('trial-monitor', trialState, 'usr-5678')).toMatchObject({ status: 'paying' });
  });
});

it(
  'has the same effects whatever is repeated, reordered, lost or killed',
  () =>
    sameUnderFaults({ agents: [monitor], startsAt: start }, async (bus) => {
      await bus.publish(usage(day(0)), signUp());
      await bus.publish(subscribed(day(12)));
      await bus.advance('30d');
    }),
  180_000,
);
