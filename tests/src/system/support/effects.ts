import type { System } from './system.js';

/** What arrived at a receiver under its idempotency keys. */
export interface Effects {
  /** Distinct idempotency keys, sorted. */
  readonly keys: readonly string[];
  /** Arrivals beyond the first of each key. */
  readonly repeats: number;
}

const effectsOf = (keys: readonly string[]): Effects => {
  const distinct = [...new Set(keys)].sort();
  return { keys: distinct, repeats: keys.length - distinct.length };
};

/** Mails by Message-ID. */
export const mails = ({ mail }: System): Effects =>
  effectsOf(mail.mails.all.map(({ messageId }) => messageId));

/** PagerDuty events by what PagerDuty joins them by, the action, and what they say. */
export const pages = ({ pagerDuty }: System): Effects =>
  effectsOf(
    pagerDuty.events.map(({ dedup_key: key, event_action: action, payload }) =>
      [key, action, payload?.summary ?? ''].join(' ').trim(),
    ),
  );

/** Slack messages; Slack knows no key, so the whole message is one: every message of these tests is unique. */
export const messages = ({ slack }: System): Effects =>
  effectsOf(slack.messages.map((message) => JSON.stringify(message)));

/** How many Slack messages have this in their text. */
export const messagesWith = ({ slack }: System, text: string): number =>
  slack.messages.filter((message) => JSON.stringify(message).includes(text)).length;

/** The page that opens the first incident of a service. */
export const openingPage = (service: string): string =>
  `inc-${service}-production-1 trigger ${service} is down in production`;
