import type { Jurisdiction } from '../locale.js';
import type { PlanKind } from '../plan.js';
import { languages } from './languages.js';

const kinds: readonly PlanKind[] = ['trial', 'enterprise', 'paid', 'free', 'unknown'];
const jurisdictions: readonly Jurisdiction[] = ['california', 'eu', 'uk', 'switzerland', 'japan', 'general'];

describe.each(Object.entries(languages))('%s', (_language, texts) => {
  it.each(kinds)('has a subject and a body for a %s plan', (kind) => {
    const { subject, body } = texts.plans[kind];
    expect(subject('Premium')).toMatch(/^\S[^\n]{5,200}\S$/);
    expect(body('Premium').length).toBeGreaterThanOrEqual(2);
    for (const paragraph of body('Premium')) expect(paragraph).toMatch(/^\S[^\n]{10,}[.。]$/);
  });

  it('says what is tried, and that a trial costs nothing by itself', () => {
    expect(texts.plans.trial.subject('Premium')).toContain('Premium');
    expect(texts.plans.trial.body('Premium')).toHaveLength(3);
  });

  it('tells support hours in the place it is told', () =>
    expect(texts.support('Berlin')).toContain('Berlin'));

  it('has a footer of its own for each jurisdiction', () => {
    const footers = jurisdictions.map((jurisdiction) => texts.legal[jurisdiction]);
    expect(new Set(footers).size).toBe(jurisdictions.length);
  });
});

it('writes each language in its own words', () => {
  const greetings = Object.values(languages).map(({ greeting }) => greeting);
  expect(new Set(greetings).size).toBe(greetings.length);
});
