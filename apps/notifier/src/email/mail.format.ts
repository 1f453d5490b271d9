import type { DataOf, EventEnvelope, emailRequested } from '@signalbox/contracts';
import { createHash } from 'node:crypto';
import { htmlOf } from './mail-layout.js';

/** A mail as it is handed to a mail server. */
export interface Mail {
  /** `<id@domain>`, the same over every attempt. */
  readonly messageId: string;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The mail an event asks for, from the address `from` (`address` or `Name <address>`). */
export function mailOf(event: EventEnvelope<DataOf<typeof emailRequested>>, from: string): Mail {
  const { to, subject, body_text: body, purpose } = event.data;
  const line = oneLine(subject);
  return {
    messageId: messageIdOf(event, domainOf(from)),
    from,
    to,
    subject: line,
    text: body,
    html: htmlOf({ subject: line, body }),
    headers: {
      // RFC 3834: vacation responders and lists must not answer.
      'Auto-Submitted': 'auto-generated',
      'X-Signalbox-Event-Id': headerValue(event.event_id),
      'X-Signalbox-Purpose': headerValue(purpose),
      'X-Signalbox-Correlation-Id': headerValue(event.metadata.correlation_id),
    },
  };
}

/**
 * `<event id@domain>`; an id that is no plain word is hashed together with its source, so that two sources which
 * number their events alike do not share a Message-ID.
 */
export function messageIdOf(event: EventEnvelope, domain: string): string {
  const id = event.event_id;
  const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
  const local = uuid.test(id)
    ? id
    : createHash('sha256').update(`${event.metadata.source_service}\n${id}`).digest('hex').slice(0, 40);
  return `<${local}@${domain}>`;
}

/** The domain of an address, for ids; `signalbox.local` where there is none. */
export function domainOf(address: string): string {
  return /@([A-Za-z0-9.-]{1,200})>?$/.exec(address)?.[1] ?? 'signalbox.local';
}

// eslint-disable-next-line no-control-regex
const controls = /[\u0000-\u001f\u007f]+/g;

/** Text for a header that may hold any language: control characters, line breaks above all, become one blank. */
const oneLine = (text: string): string => text.replace(controls, ' ').trim();

/** Text for a header of printable ASCII: everything else is percent-encoded. */
const headerValue = (text: string): string => encodeURI(oneLine(text)).slice(0, 500);
