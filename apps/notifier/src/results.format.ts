import { emit, type EmitOutput, type GiveUp } from '@signalbox/agent-kit';
import {
  emailFailed,
  emailSent,
  notificationFailed,
  notificationSent,
  type DataOf,
  type EventEnvelope,
  type emailRequested,
  type notificationRequested,
} from '@signalbox/contracts';
import type { SentMail } from './email/email.sender.js';

type EmailEvent = EventEnvelope<DataOf<typeof emailRequested>>;
type NotificationEvent = EventEnvelope<DataOf<typeof notificationRequested>>;

/** `email.sent` for a mail that was taken. */
export function emailSentOf(event: EmailEvent, sent: SentMail): EmitOutput {
  return emit(emailSent, { ...mailHead(event), message_id: sent.messageId, transport: sent.transport });
}

/** `email.failed` for a mail that was given up. */
export const emailGivenUp = (event: EmailEvent, failure: GiveUp): EmitOutput[] => [
  emit(emailFailed, { ...mailHead(event), ...failureOf(failure) }),
];

/** `notification.sent` for a notification that was taken. */
export function notificationSentOf(
  event: NotificationEvent,
  transport: DataOf<typeof notificationSent>['transport'],
): EmitOutput {
  return emit(notificationSent, { ...notificationHead(event), dedup_key: event.data.dedup_key, transport });
}

/** `notification.failed` for a notification that was given up. */
export const notificationGivenUp = (event: NotificationEvent, failure: GiveUp): EmitOutput[] => [
  emit(notificationFailed, { ...notificationHead(event), ...failureOf(failure) }),
];

function mailHead({ event_id: requestId, data }: EmailEvent) {
  const { recipient_id: recipientId, to, subject, purpose } = data;
  return { request_id: requestId, recipient_id: recipientId, to, subject, purpose };
}

function notificationHead({ event_id: requestId, data }: NotificationEvent) {
  const { subject_kind: kind, subject_id: id, channel, audience } = data;
  return { request_id: requestId, subject_kind: kind, subject_id: id, channel, audience };
}

const failureOf = ({ errorCode, reason, attempts }: GiveUp) => ({
  error_code: errorCode,
  reason: reason.slice(0, 1_000) || errorCode,
  attempts,
});
