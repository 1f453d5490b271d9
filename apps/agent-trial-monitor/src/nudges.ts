import type { NudgeName } from './plans.js';
import type { Trial } from './trial.state.js';
import { mostUsed } from './usage.js';

/** Longest name of a feature that is quoted in a mail, in characters. */
const featureCharsMax = 60;
const closing = 'Questions? Just reply to this mail.\n\nKind regards,\nthe team at Acme Solutions';

const when: Readonly<Record<NudgeName, { subject: string; sentence: string }>> = {
  'nudge-3d': { subject: 'Three days left in your trial', sentence: 'Your trial ends in three days' },
  'nudge-1d': { subject: 'Your trial ends tomorrow', sentence: 'Your trial ends tomorrow' },
};

/** A user who was not seen for longer than this is asked back, in milliseconds. */
const awayMs = 4 * 86_400_000;

/** The reminder `name` for a trial: what it says depends on how much and how lately the user has tried. */
export function nudgeMail(name: NudgeName, trial: Trial, now: Date): { subject: string; body: string } {
  const { subject, sentence } = when[name];
  const favourites = mostUsed(trial.usage, 3).map(featureName);
  const parts = [
    'Hello,',
    `${sentence}, on ${dayOf(trial.ends_at)}.`,
    ...(favourites.length > 0
      ? forUsers(favourites, awaySince(trial.last_used_at, now))
      : forBeginners(name)),
    closing,
  ];
  return { subject, body: parts.join('\n\n') };
}

/** The day the user was last seen, where that is long ago. */
const awaySince = (lastUsedAt: string | null, now: Date): string | undefined =>
  lastUsedAt !== null && now.getTime() - Date.parse(lastUsedAt) > awayMs ? dayOf(lastUsedAt) : undefined;

const forUsers = (favourites: readonly string[], away: string | undefined): string[] => [
  `You have made good use of it: ${listed(favourites)}. If you choose a plan before the trial ends, everything you have set up stays as it is.`,
  ...(away === undefined ? [] : [`We have not seen you since ${away}: a good moment to look in again.`]),
  'You find the plans in your account, under Billing. Nothing is charged when the trial ends without one.',
];

const forBeginners = (name: NudgeName): string[] => [
  name === 'nudge-3d'
    ? 'It looks as if there has been no time to try it yet. Half an hour is enough: import a file, build one report, share it with a colleague.'
    : 'Was there no time to try it? Reply to this mail and tell us what you would like to do with it; we are glad to help, and to find a way if you need a few days more.',
  'Nothing is charged when the trial ends without a plan.',
];

/** `report_export` → `report export`; no control characters, cut where too long. */
const featureName = (feature: string): string => {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  const plain = feature.replace(/[_\u0000-\u001f\u007f]+/g, ' ').trim();
  return plain.length <= featureCharsMax ? plain : `${[...plain].slice(0, featureCharsMax - 1).join('')}…`;
};

function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

/** `14 April 2026`, in UTC. */
function dayOf(timestamp: string): string {
  const months = [
    'January',
    'February',
    'March',
    'April',
    'May',
    'June',
    'July',
    'August',
    'September',
    'October',
    'November',
    'December',
  ];
  const date = new Date(timestamp);
  return `${date.getUTCDate()} ${months[date.getUTCMonth()] ?? ''} ${date.getUTCFullYear()}`;
}
