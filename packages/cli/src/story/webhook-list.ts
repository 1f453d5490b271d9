import { agentActivity, webhookReceived, type DataOf } from '@signalbox/contracts';
import { printable } from '../format/printable.js';
import { table } from '../format/table.js';
import { dateTime } from '../format/time.js';
import { readEvents, type TopicSource } from './collect.js';
import type { SeenDecision } from './model.js';
import { outcomesByEvent, type Outcome } from './outcomes.js';

export type Webhook = DataOf<typeof webhookReceived>;

/** A webhook and what the agents made of its event. */
export interface ListedWebhook {
  readonly webhook: Webhook;
  readonly outcomes: readonly Outcome[];
}

/** What the gateway made of a webhook. */
export const verdicts = ['accepted', 'refused', 'quarantined'] as const;
export type Verdict = (typeof verdicts)[number];

export interface WebhookFilter {
  readonly source?: string | undefined;
  readonly verdict?: Verdict | undefined;
  /** Only the newest so many. */
  readonly limit: number;
  /** Webhooks before this time are not read, milliseconds since 1970. */
  readonly fromTimeMs: number;
}

/** The newest webhooks that pass the filter, oldest first, each with the outcome of its event. */
export async function listWebhooks(
  source: TopicSource,
  topics: readonly string[],
  filter: WebhookFilter,
): Promise<ListedWebhook[]> {
  const webhooks = topics.includes(webhookReceived.topic) ? await newestWebhooks(source, filter) : [];
  const ids = new Set(webhooks.flatMap(eventIdsOf));
  const decisions: SeenDecision[] = [];
  if (ids.size > 0 && topics.includes(agentActivity.topic)) {
    for await (const { event } of readEvents(source, agentActivity.topic, filter.fromTimeMs)) {
      const { agent, at, entries } = event.data as DataOf<typeof agentActivity>;
      for (const entry of entries)
        if (ids.has(entry.event_id)) decisions.push({ agent, entry, atMs: Date.parse(at) });
    }
  }
  const outcomes = outcomesByEvent(decisions);
  return webhooks.map((webhook) => ({
    webhook,
    outcomes: eventIdsOf(webhook).flatMap((id) => outcomes.get(id) ?? []),
  }));
}

const verdictOf = ({ verdict, quarantined }: Webhook): Verdict => (quarantined ? 'quarantined' : verdict);

/** The ids of all events made of a webhook. */
const eventIdsOf = ({ event_id: first, more_events: more = [] }: Webhook): string[] =>
  first === undefined ? [] : [first, ...more.map(({ event_id }) => event_id)];

async function newestWebhooks(source: TopicSource, filter: WebhookFilter): Promise<Webhook[]> {
  const found: Webhook[] = [];
  for await (const { event } of readEvents(source, webhookReceived.topic, filter.fromTimeMs)) {
    const webhook = event.data as Webhook;
    const isWanted =
      (filter.source === undefined || webhook.source === filter.source) &&
      (filter.verdict === undefined || verdictOf(webhook) === filter.verdict);
    if (isWanted) found.push(webhook);
    // Partitions come one after another, so the newest are known at the end; this only bounds what is kept.
    if (found.length > 4 * filter.limit + 1_000) keepNewest(found, filter.limit);
  }
  return keepNewest(found, filter.limit);
}

function keepNewest(found: Webhook[], limit: number): Webhook[] {
  found.sort((a, b) => Date.parse(a.received_at) - Date.parse(b.received_at));
  found.splice(0, Math.max(0, found.length - limit));
  return found;
}

const columns = [
  { title: 'received (UTC)' },
  { title: 'source' },
  { title: 'answer', align: 'right' },
  { title: 'event' },
  { title: 'outcome' },
  { title: 'story' },
] as const;

/** The list as a table. */
export function webhookTable(list: readonly ListedWebhook[]): string {
  if (list.length === 0) return 'No webhook came in.';
  return table(
    columns,
    list.map(({ webhook, outcomes }) => [
      dateTime(Date.parse(webhook.received_at)),
      printable(webhook.source, 30),
      String(webhook.status),
      eventText(webhook),
      outcomeText(webhook, outcomes),
      printable(webhook.correlation_id ?? webhook.event_id ?? ''),
    ]),
  );
}

function eventText({ event_type: type = '', more_events: more = [] }: Webhook): string {
  return `${printable(type, 40)}${more.length === 0 ? '' : ` and ${more.length} more`}`;
}

function outcomeText(webhook: Webhook, outcomes: readonly Outcome[]): string {
  const { reason, release, raw_kept: kept } = webhook;
  const verdict = verdictOf(webhook);
  const why = printable(reason ?? 'no reason given', 60);
  if (verdict === 'refused') return `refused: ${why}${kept ? ' (kept: see webhooks reverify)' : ''}`;
  if (verdict === 'quarantined') return `quarantined: ${why}`;
  const released = release ? `released by ${printable(release.by, 40)}: ` : '';
  const isUnmapped = webhook.event_type === `webhook.${webhook.source}`;
  if (isUnmapped && outcomes.length === 0) return `${released}no rule maps it`;
  return `${released}${outcomesText(outcomes)}`;
}

function outcomesText(outcomes: readonly Outcome[]): string {
  if (outcomes.length === 0) return 'no agent yet';
  const counts = new Map<string, number>();
  for (const { agent, outcome, errorCode } of outcomes) {
    const text = printable(`${agent} ${outcome.replace('_', ' ')}${errorCode ? ` (${errorCode})` : ''}`, 80);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts].map(([text, count]) => (count === 1 ? text : `${text} × ${count}`)).join(', ');
}
