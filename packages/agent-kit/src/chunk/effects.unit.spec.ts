import { Effects } from './effects.js';

const now = new Date(Date.UTC(2026, 3, 5, 12));
const at = (ms: number): Date => new Date(now.getTime() + ms);

describe('the effects of a chunk', () => {
  it.each([
    ['an event parked behind another', null, false],
    ['a retry that is overdue in a minute', at(65_000), false],
    ['a job', now, true],
    ['work that is taken in half a second', at(500), true],
  ])('hold work before the next poll: %s', (_what, claimAt, isSoon) => {
    const effects = new Effects();
    effects.pending.push({ claimAt } as never);
    expect(effects.hasWorkBeforePoll(now)).toBe(isSoon);
  });

  it.each([
    ['none', [], false],
    ['one due in an hour', [{ action: 'set', dueAt: at(3_600_000) }], false],
    ['one due at once', [{ action: 'set', dueAt: now }], true],
    ['one that is cancelled', [{ action: 'cancel' }], true],
  ])('hold work before the next poll with timers: %s', (_what, timers, isSoon) => {
    const effects = new Effects();
    effects.timers.push(...(timers as never[]));
    expect(effects.hasWorkBeforePoll(now)).toBe(isSoon);
  });
});
