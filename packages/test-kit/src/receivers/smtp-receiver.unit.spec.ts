import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { SmtpReceiver } from './smtp-receiver.js';

let smtp: SmtpReceiver;
beforeEach(async () => {
  smtp = await SmtpReceiver.start();
});
afterEach(() => smtp.close());

const content = [
  'From: Signalbox <box@example.com>',
  'To: jane@example.com',
  'Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=',
  'Message-ID: <1@example.com>',
  'Auto-Submitted: auto-generated',
  '',
  'Hello Jane',
  '.',
];

/** Speaks SMTP line by line and returns the server's replies, the greeting first. */
async function converse(steps: readonly string[]): Promise<string[]> {
  const socket = connect(smtp.port, '127.0.0.1');
  const replies: string[] = [];
  const left = [...steps];
  for await (const line of createInterface({ input: socket })) {
    if (/^\d{3}-/.test(line)) continue;
    replies.push(line);
    const next = left.shift();
    if (next === undefined) break;
    socket.write(`${next}\r\n`);
  }
  socket.destroy();
  return replies;
}

const mail = [
  'EHLO test',
  'MAIL FROM:<box@example.com>',
  'RCPT TO:<jane@example.com>',
  'DATA',
  content.join('\r\n'),
];

it('takes a mail and keeps it parsed', async () => {
  const replies = await converse(mail);
  expect(replies.map((reply) => reply.slice(0, 3))).toEqual(['220', '250', '250', '250', '354', '250']);
  const [received] = await smtp.mails.waitFor(1);
  expect(received).toMatchObject({
    messageId: '<1@example.com>',
    envelopeFrom: 'box@example.com',
    envelopeTo: ['jane@example.com'],
    from: 'box@example.com',
    to: ['jane@example.com'],
    subject: 'Grüße',
  });
  expect(received?.text).toContain('Hello Jane');
  expect(received?.headers['auto-submitted']).toBe('auto-generated');
});

it('counts repeats by Message-ID', async () => {
  await converse(mail);
  await converse(mail);
  expect([...smtp.countByMessageId]).toEqual([['<1@example.com>', 2]]);
});

it('refuses a recipient or a content when told to', async () => {
  smtp.refuseNext(550, 'no such user', 'recipient');
  smtp.refuseNext(451, 'try later', 'data');
  expect((await converse(mail.slice(0, 3))).at(-1)).toBe('550 no such user');
  expect((await converse(mail)).at(-1)).toBe('451 try later');
  expect((await converse(mail)).at(-1)).toMatch(/^250/);
  expect(smtp.mails.all).toHaveLength(1);
});

it('cuts the connection without an answer when told to', async () => {
  smtp.cutNext();
  const replies = await converse(mail);
  expect(replies.at(-1)).not.toMatch(/^250/);
  expect(smtp.mails.all).toEqual([]);
});
