import { emit, type EmitOutput } from '@signalbox/agent-kit';
import { notificationRequested, type DataOf } from '@signalbox/contracts';
import type { Incident } from './ops.state.js';
import { isPaged } from './severity.js';
import { clip } from './wording.js';

type Notification = DataOf<typeof notificationRequested>;
export type Audience = 'on-call' | 'manager';

export interface Message {
  readonly action: Notification['action'];
  readonly title: string;
  readonly body: string;
}

/** The message over Slack, and over PagerDuty when the incident's severity pages people. */
export function notify(incident: Incident, audience: Audience, message: Message): EmitOutput[] {
  const channels: readonly Notification['channel'][] = isPaged(incident.severity)
    ? ['slack', 'pagerduty']
    : ['slack'];
  return channels.map((channel) => notification(incident, audience, channel, message));
}

/** One message over one channel; all messages of an incident join by its id. */
export function notification(
  incident: Incident,
  audience: Audience,
  channel: Notification['channel'],
  { action, title, body }: Message,
): EmitOutput {
  return emit(
    notificationRequested,
    {
      subject_kind: 'incident',
      subject_id: incident.id,
      channel,
      audience,
      action,
      dedup_key: incident.id,
      severity: incident.severity,
      title: clip(title, 1_024),
      body_text: clip(body, 3_000),
      link: incident.link,
    },
    { label: `${audience}:${channel}:${action}` },
  );
}
