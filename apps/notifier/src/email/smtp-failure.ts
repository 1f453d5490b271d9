import { FatalError, SignalboxError } from '@signalbox/errors';

/** What nodemailer tells of a failure, as far as it matters here. */
interface SmtpError extends Error {
  readonly code?: string;
  readonly command?: string;
  readonly responseCode?: number;
}

/** Commands whose 5xx reply is about this mail; one to the greeting or the login is about our settings. */
const aboutTheMail = new Set(['MAIL FROM', 'RCPT TO', 'DATA']);
/** Failures nodemailer finds itself that no further attempt mends: bad addresses, larger than the server takes. */
const hopeless = new Set(['EENVELOPE', 'EMESSAGE']);

/**
 * The error for a mail that was not taken. A permanent reply to the mail itself is `outbound_refused`; a connection
 * lost after the content was sent (`contentSent`) leaves `outcome_unknown`, since SMTP knows no idempotency key;
 * everything else can be tried again.
 */
export function smtpFailure(thrown: unknown, contentSent: boolean): SignalboxError {
  const error = thrown as SmtpError;
  const reply = error.responseCode;
  const message = `mail server: ${String(error.message ?? thrown).slice(0, 500)}`;
  const details = { cause: thrown };
  if (reply !== undefined && reply >= 500 && aboutTheMail.has(error.command ?? '')) {
    return new FatalError(message, { ...details, code: 'outbound_refused' });
  }
  if (reply === undefined && hopeless.has(error.code ?? '')) {
    return new FatalError(message, { ...details, code: 'outbound_refused' });
  }
  if (reply === undefined && contentSent)
    return new FatalError(message, { ...details, code: 'outcome_unknown' });
  return new SignalboxError('outbound_failed', message, details);
}
