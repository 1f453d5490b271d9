import type { Attempt, EmitOutput, NoteOutput } from '@signalbox/agent-kit';
import { AgentHandlers, Perform } from '@signalbox/agent-kit-nest';
import { emailRequested, notificationRequested, type DataOf, type EventEnvelope } from '@signalbox/contracts';
import { Inject } from '@nestjs/common';
import { Channels } from './channels.js';
import { EmailSender } from './email/email.sender.js';
import { NotificationSender } from './notification.sender.js';
import { emailGivenUp, emailSentOf, notificationGivenUp, notificationSentOf } from './results.format.js';

type EmailEvent = EventEnvelope<DataOf<typeof emailRequested>>;
type NotificationEvent = EventEnvelope<DataOf<typeof notificationRequested>>;

type Results = Promise<readonly (EmitOutput | NoteOutput)[]>;

/** Tells people: one mail or message for each request, and the result as an event. */
@AgentHandlers()
export class NotifierHandlers {
  constructor(
    @Inject(Channels) private readonly channels: Channels,
    @Inject(EmailSender) private readonly emails: EmailSender,
    @Inject(NotificationSender) private readonly notifications: NotificationSender,
  ) {}

  @Perform(emailRequested, {
    destination: () => 'email',
    unknownOutcome(this: NotifierHandlers) {
      return this.channels.afterUnknownOutcome('email');
    },
    giveUp: emailGivenUp,
  })
  async sendEmail(event: EmailEvent, attempt: Attempt): Results {
    return [emailSentOf(event, await this.emails.send(event, attempt))];
  }

  @Perform(notificationRequested, {
    // Messages about one matter keep their order within a channel and do not wait for the other channel.
    key: ({ data }) => `${data.channel}:${data.subject_id}`,
    destination: ({ data }) => data.channel,
    unknownOutcome(this: NotifierHandlers, { data }) {
      return this.channels.afterUnknownOutcome(data);
    },
    giveUp: notificationGivenUp,
  })
  async sendNotification(event: NotificationEvent, attempt: Attempt): Results {
    return [notificationSentOf(event, await this.notifications.send(event, attempt))];
  }
}
