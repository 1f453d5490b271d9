import type { DataOf, Severity, notificationRequested } from '@signalbox/contracts';

type Request = DataOf<typeof notificationRequested>;

/** A message for an incoming webhook: `text` is what phones and screen readers show, `blocks` the picture. */
export interface SlackMessage {
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
}

type Text = { readonly type: 'plain_text' | 'mrkdwn'; readonly text: string };
export type SlackBlock =
  | { readonly type: 'header' | 'section'; readonly text: Text }
  | { readonly type: 'context'; readonly elements: readonly Text[] };

// Slack's limits, in characters.
const headerCharsMax = 150;
const sectionCharsMax = 3_000;

const mark: Readonly<Record<Severity, string>> = {
  critical: ':red_circle:',
  high: ':large_orange_circle:',
  medium: ':large_yellow_circle:',
  low: ':large_blue_circle:',
  info: ':white_circle:',
};
const word: Readonly<Record<Request['action'], string>> = {
  trigger: 'New',
  acknowledge: 'Acknowledged',
  resolve: 'Resolved',
};

/** The Slack message for a requested notification, within Slack's limits and with its control characters escaped. */
export function slackMessageOf(request: Request): SlackMessage {
  const { title, body_text: body, link, severity, action, subject_kind: kind, subject_id: id } = request;
  const sign = action === 'resolve' ? ':white_check_mark:' : mark[severity];
  const section = [
    body === undefined ? undefined : escaped(body),
    link === undefined ? undefined : linked(link),
  ]
    .filter((part) => part !== undefined)
    .join('\n');
  return {
    text: cut(escaped(`${word[action]}: ${title}`), sectionCharsMax),
    blocks: [
      {
        type: 'header',
        text: { type: 'plain_text', text: cut(`${sign} ${word[action]}: ${title}`, headerCharsMax) },
      },
      ...(section === '' ? [] : [sectionBlock(section, link)]),
      {
        type: 'context',
        elements: [
          { type: 'mrkdwn', text: escaped(`${severity} | ${kind} ${id} | for ${request.audience}`) },
        ],
      },
    ],
  };
}

/** A section within the limit: when it is too long the body is cut, never the link. */
function sectionBlock(section: string, link: string | undefined): SlackBlock {
  const tail = link === undefined ? '' : `\n${linked(link)}`;
  const text = section.length <= sectionCharsMax ? section : withTail(section, tail);
  return { type: 'section', text: { type: 'mrkdwn', text } };
}

const withTail = (section: string, tail: string): string =>
  cut(section.slice(0, section.length - tail.length), sectionCharsMax - tail.length) + tail;

/** https://docs.slack.dev/messaging/formatting-message-text#escaping */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** `|` would end the address, `<` and `>` the link. */
const linked = (url: string): string => `<${escaped(url).replaceAll('|', '%7C')}|Open>`;

/** Cuts to at most `charsMax` UTF-16 units without leaving half an entity or half a character behind. */
function cut(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text;
  const short = text.slice(0, charsMax - 1).replace(/&[a-z]{0,3}$/, '');
  return `${short.replace(/[\ud800-\udbff]$/, '')}…`;
}
