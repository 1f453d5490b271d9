import { isTrial, nudges, trialMs } from './plans.js';

const dayMs = 86_400_000;

describe('isTrial', () => {
  it.each([
    'trial',
    'premium_trial',
    'premiumtrial',
    'Pro-Trial',
    'proTrial',
    'trial_14',
    'industrial_trial',
  ])('%s', (plan) => expect(isTrial(plan)).toBe(true));
  it.each(['premium', 'industrial', 'free', 'try'])('not %s', (plan) => expect(isTrial(plan)).toBe(false));
});

describe('trialMs', () => {
  it.each([
    ['premium_trial', 14],
    ['Team Trial', 21],
    ['enterprise-trial', 30],
    ['enterpriseTrial', 30],
    ['gold_trial', 14],
    ['constructor', 14],
  ])('%s lasts %i days', (plan, days) => expect(trialMs(plan)).toBe(days * dayMs));
});

it('reminds three days and one day before the end', () => {
  expect(nudges.map(({ name, beforeMs }) => [name, beforeMs / dayMs])).toEqual([
    ['nudge-3d', 3],
    ['nudge-1d', 1],
  ]);
});
