import { emit, type EmitOutput } from '@signalbox/agent-kit';
import { notificationRequested, type DataOf } from '@signalbox/contracts';
import type { OpenCase } from './customer.state.js';
import { severityOf } from './priority.js';
import { clip } from './wording.js';

/** Who hears of a case, in the order of escalation. */
export const audiences = Object.freeze(['support', 'support-lead', 'manager'] as const);
export type Audience = (typeof audiences)[number];

export interface Message {
  readonly action: DataOf<typeof notificationRequested>['action'];
  readonly title: string;
  readonly lines: readonly string[];
}

/** One Slack message about a case. */
export function tell(of: OpenCase, audience: Audience, { action, title, lines }: Message): EmitOutput {
  return emit(
    notificationRequested,
    {
      subject_kind: 'case',
      subject_id: of.id,
      channel: 'slack',
      audience,
      action,
      dedup_key: of.id,
      severity: severityOf[of.priority],
      title: clip(title, 1_024),
      body_text: clip(lines.join('\n'), 3_000),
      link: of.last.original_post_url,
    },
    { label: `${audience}:${action}` },
  );
}

/** `Ticket 17`, or the case's id as long as the number is not known. */
export const nameOf = (of: OpenCase): string =>
  of.ticket_number === undefined ? `The ticket of ${of.id}` : `Ticket ${of.ticket_number}`;
