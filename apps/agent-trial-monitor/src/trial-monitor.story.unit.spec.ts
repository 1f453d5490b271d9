import { decidingHandlers } from '@signalbox/agent-kit-nest';
import { emailRequested, trialConverted, trialExpired, trialStarted } from '@signalbox/contracts';
import { Story } from '@signalbox/test-kit';
import { day, end, signUp, start, subscribed, usage } from '../test/samples.js';
import { TrialMonitorHandlers } from './trial-monitor.handlers.js';
import { trialState } from './trial.state.js';

const story = (): Story =>
  new Story({ name: 'trial-monitor', handlers: decidingHandlers(new TrialMonitorHandlers()) });
const subjects = (told: Story): string[] => told.emitted(emailRequested).map(({ subject }) => subject);

describe('a trial', () => {
  it('that nobody buys: two reminders, then the end', () => {
    const told = story();
    told.publish(signUp());
    told.publish(usage(day(2)));
    told.advanceTo(day(10));
    expect(subjects(told)).toEqual([]);
    told.advanceTo(day(11));
    expect(subjects(told)).toEqual(['Three days left in your trial']);
    told.advanceTo(day(30));
    expect(subjects(told)).toEqual(['Three days left in your trial', 'Your trial ends tomorrow']);
    expect(told.emitted(trialExpired)).toMatchObject([{ expired_at: end, usage: { report_export: 3 } }]);
    expect(told.timers()).toEqual([]);
  });

  it('that is bought between the reminders: no second reminder, no end', () => {
    const told = story();
    told.publish(signUp());
    told.publish(subscribed(day(12)));
    told.advanceTo(day(30));
    expect(subjects(told)).toEqual(['Three days left in your trial']);
    expect(told.emitted(trialConverted)).toMatchObject([{ converted_at: day(12) }]);
    expect(told.emitted(trialExpired)).toEqual([]);
  });

  it('ends the same way in whatever order its events arrive', () => {
    const events = () => [
      signUp(),
      usage(day(1), 'export', 2),
      usage(day(2), 'import', 1),
      subscribed(day(3)),
    ];
    const orders = permutations(events());
    expect(orders).toHaveLength(24);
    for (const order of orders) {
      const told = new Story(
        { name: 'trial-monitor', handlers: decidingHandlers(new TrialMonitorHandlers()) },
        day(4),
      );
      for (const one of order) told.publish(one as never);
      told.advanceTo(day(60));
      expect(told.emitted(trialStarted)).toHaveLength(1);
      expect(told.emitted(trialConverted)).toMatchObject([{ started_at: start, converted_at: day(3) }]);
      expect(told.emitted(trialExpired)).toEqual([]);
      expect(subjects(told)).toEqual([]);
      expect(told.state(trialState, 'usr-5678')).toMatchObject({ status: 'paying', trial_started_at: start });
    }
  });

  it('keeps its usage when all of it comes before the sign-up, and counts a repeated event once', () => {
    const told = story();
    told.publish(usage(day(-1), 'export', 2));
    told.publish(usage(day(-1), 'export', 2));
    told.publish(signUp(day(-0.5), { plan: 'free' }));
    told.publish(signUp());
    told.advanceTo(end);
    expect(told.emitted(trialExpired)).toMatchObject([{ usage: { export: 2 } }]);
  });
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) =>
    permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest]),
  );
}
