import { planKind, planLabel } from './plan.js';

describe('planKind', () => {
  it.each([
    ['premium_trial', 'trial'],
    ['enterprise-trial', 'trial'],
    ['TRIAL', 'trial'],
    ['proTrial', 'trial'],
    ['premiumtrial', 'trial'],
    ['trial14', 'trial'],
    ['industrial', 'unknown'],
    ['industrial_trial', 'trial'],
    ['Enterprise', 'enterprise'],
    ['premium', 'paid'],
    ['team-2026', 'paid'],
    ['free', 'free'],
    ['basic_monthly', 'free'],
    ['gold', 'unknown'],
    ['!?', 'unknown'],
  ])('%s is %s', (plan, kind) => expect(planKind(plan)).toBe(kind));
});

describe('planLabel', () => {
  it.each([
    ['premium_trial', 'Premium'],
    ['team-plus-trial', 'Team Plus'],
    ['premiumtrial', 'Premium'],
    ['free', 'Free'],
    ['proTrial', 'Pro'],
    ['industrial', 'Industrial'],
  ])('%s reads %s', (plan, label) => expect(planLabel(plan)).toBe(label));

  it.each(['trial', 'trial_14', '---', 'x'.repeat(41)])('has no label for %s', (plan) =>
    expect(planLabel(plan)).toBeUndefined(),
  );

  it('lets nothing but letters and digits into a mail', () => {
    expect(planLabel('<b>pro</b>\r\nBcc: all@example.com')).toMatch(/^[\p{L}\p{N} ]+$/u);
  });
});
