/** How a plan is welcomed. `unknown`: nothing is promised that the plan may not hold. */
export type PlanKind = 'trial' | 'enterprise' | 'paid' | 'free' | 'unknown';

/** Longest plan name that is quoted in a mail, in characters. */
const labelCharsMax = 40;

const paidWords = new Set([
  'premium',
  'pro',
  'professional',
  'plus',
  'team',
  'teams',
  'business',
  'standard',
  'starter',
]);
const freeWords = new Set(['free', 'basic', 'community', 'hobby']);

/** "trial" as a word or at the end of one, with what belongs to it; "industrial" is none. */
const trialPart = /(free)?(?<!indus)trials?\d*/g;

/** `premium_trial`, `proTrial`, `premiumtrial` are trials; that it is a trial comes before what is tried. */
export function planKind(plan: string): PlanKind {
  const words = wordsOf(plan);
  if (words.some((word) => /(?<!indus)trial/.test(word))) return 'trial';
  if (words.includes('enterprise')) return 'enterprise';
  if (words.some((word) => paidWords.has(word))) return 'paid';
  return words.some((word) => freeWords.has(word)) ? 'free' : 'unknown';
}

/** The plan's name as people write it, without the word trial (`premium_trial` → `Premium`); undefined without any. */
export function planLabel(plan: string): string | undefined {
  const words = wordsOf(plan).map((word) => word.replaceAll(trialPart, ''));
  const named = words.filter((word) => /\p{L}/u.test(word));
  const label = named.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join(' ');
  return label === '' || label.length > labelCharsMax ? undefined : label;
}

function wordsOf(plan: string): string[] {
  const spaced = plan.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2');
  return spaced.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
