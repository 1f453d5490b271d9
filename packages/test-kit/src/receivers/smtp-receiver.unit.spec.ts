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

it('reads and never answers when told to, and can still be closed', async () => {
  let read: () => void = () => undefined;
  const isRead = new Promise<void>((resolve) => (read = resolve));
  smtp.hangNext(1, read);
  const socket = connect(smtp.port, '127.0.0.1');
  const steps = [...mail];
  const replies: string[] = [];
  const closed = new Promise((resolve) => socket.once('close', resolve));
  for await (const line of createInterface({ input: socket })) {
    if (/^\d{3}-/.test(line)) continue;
    replies.push(line);
    const next = steps.shift();
    if (next === undefined) break;
    socket.write(`${next}\r\n`);
    // The content is the last step: nothing will come after it.
    if (steps.length === 0) break;
  }
  expect(replies.at(-1)).toMatch(/^354/);
  await isRead;
  await smtp.close();
  await closed;
  expect(smtp.mails.all).toEqual([]);
  smtp = await SmtpReceiver.start();
});

it('takes many mails at once and keeps each', async () => {
  const withId = (n: number): string[] =>
    mail.map((step) => step.replace('<1@example.com>', `<${n}@example.com>`));
  await Promise.all(Array.from({ length: 10 }, (_, n) => converse(withId(n))));
  await smtp.mails.waitFor(10);
  expect(new Set(smtp.mails.all.map(({ messageId }) => messageId)).size).toBe(10);
  expect(Math.max(...smtp.countByMessageId.values())).toBe(1);
});

it('shows addresses and keeps an empty text for what a mail does not have', async () => {
  const bare = [
    'EHLO test',
    'MAIL FROM:<>',
    'RCPT TO:<a@example.com>',
    'RCPT TO:<b@example.com>',
    'DATA',
    '\r\n.',
  ];
  await converse(bare);
  const [received] = await smtp.mails.waitFor(1);
  expect(received).toMatchObject({
    messageId: '',
    envelopeFrom: '',
    envelopeTo: ['a@example.com', 'b@example.com'],
    from: '',
    to: [],
    subject: '',
    html: '',
  });
  expect(smtp.url).toBe(`smtp://127.0.0.1:${smtp.port}`);
});
