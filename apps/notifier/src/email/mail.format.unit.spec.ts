import { emailEvent } from '../../test/events.js';
import { domainOf, mailOf, messageIdOf } from './mail.format.js';

const from = 'Acme <hello@acme.example>';

describe('mailOf', () => {
  it('carries the text as it is and an HTML form of it', () => {
    const mail = mailOf(emailEvent({ body_text: 'Hello,\n\nline 1\nline 2' }), from);
    expect(mail).toMatchObject({ from, to: 'jane.doe@example.com', subject: 'Welcome' });
    expect(mail.text).toBe('Hello,\n\nline 1\nline 2');
    expect(mail.html).toContain('<p style="line-height:1.5">line 1<br>line 2</p>');
  });

  it('marks the mail as automatic and names its event and story', () => {
    expect(mailOf(emailEvent(), from).headers).toEqual({
      'Auto-Submitted': 'auto-generated',
      'X-Signalbox-Event-Id': 'c0ffee00-0000-5000-8000-000000000001',
      'X-Signalbox-Purpose': 'welcome',
      'X-Signalbox-Correlation-Id': 'story-1',
    });
  });

  it('lets no line break into a header', () => {
    const mail = mailOf(emailEvent({ subject: 'Hi\r\nBcc: all@example.com', purpose: 'a\nb' }), from);
    expect(mail.subject).toBe('Hi Bcc: all@example.com');
    expect(mail.headers['X-Signalbox-Purpose']).toBe('a%20b');
  });
});

describe('messageIdOf', () => {
  it('is made of the event id and the sender domain', () => {
    expect(mailOf(emailEvent(), from).messageId).toBe('<c0ffee00-0000-5000-8000-000000000001@acme.example>');
  });

  it('hashes ids that are no UUID together with their source', () => {
    const event = emailEvent({}, 'order 1 <x@y>');
    const other = { ...event, metadata: { ...event.metadata, source_service: 'billing' } };
    expect(messageIdOf(event, 'a.example')).toMatch(/^<[0-9a-f]{40}@a\.example>$/);
    expect(messageIdOf(event, 'a.example')).toBe(messageIdOf(event, 'a.example'));
    expect(messageIdOf(event, 'a.example')).not.toBe(messageIdOf(other, 'a.example'));
  });
});

it.each([
  ['hello@acme.example', 'acme.example'],
  ['Acme <hello@acme.example>', 'acme.example'],
  ['nobody', 'signalbox.local'],
])('takes the domain of %s', (address, domain) => expect(domainOf(address)).toBe(domain));
