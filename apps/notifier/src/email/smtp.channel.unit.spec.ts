import { SmtpReceiver } from '@signalbox/test-kit';
import { emailEvent } from '../../test/events.js';
import { mailOf } from './mail.format.js';
import { SmtpChannel } from './smtp.channel.js';

const mail = mailOf(
  emailEvent({ subject: 'Grüße', body_text: 'Hello Jänе,\n\nwelcome.' }),
  'Acme <a@acme.example>',
);
const signal = (): AbortSignal => AbortSignal.timeout(15_000);

let server: SmtpReceiver;
let channel: SmtpChannel;
beforeEach(async () => {
  server = await SmtpReceiver.start();
  channel = new SmtpChannel(server.url);
});
afterEach(() => server.close());

it('sends text and HTML, the Message-ID and the headers to a real server', async () => {
  await channel.send(mail, signal());
  const [received] = await server.mails.waitFor(1);
  expect(received).toMatchObject({
    messageId: '<c0ffee00-0000-5000-8000-000000000001@acme.example>',
    envelopeFrom: 'a@acme.example',
    envelopeTo: ['jane.doe@example.com'],
    subject: 'Grüße',
  });
  expect(received?.text).toContain('Hello Jänе,');
  expect(received?.html).toContain('<p style="line-height:1.5">welcome.</p>');
  expect(received?.headers).toMatchObject({
    'auto-submitted': 'auto-generated',
    'x-signalbox-event-id': 'c0ffee00-0000-5000-8000-000000000001',
  });
});

it.each([['recipient'], ['data']] as const)('gives up on a permanent refusal at the %s', async (at) => {
  server.refuseNext(550, 'no such user', at);
  await expect(channel.send(mail, signal())).rejects.toMatchObject({
    code: 'outbound_refused',
    message: expect.stringContaining('no such user') as string,
  });
});

it.each([['recipient'], ['data']] as const)('tries again after a passing refusal at the %s', async (at) => {
  server.refuseNext(451, 'greylisted', at);
  await expect(channel.send(mail, signal())).rejects.toMatchObject({
    code: 'outbound_failed',
    retryable: true,
  });
  await channel.send(mail, signal());
  expect([...server.countByMessageId.values()]).toEqual([1]);
});

it('tries again when nobody listens', async () => {
  await server.close();
  await expect(channel.send(mail, signal())).rejects.toMatchObject({ code: 'outbound_failed' });
});

it('does not know the outcome when the connection breaks after the content', async () => {
  server.cutNext();
  await expect(channel.send(mail, signal())).rejects.toMatchObject({
    code: 'outcome_unknown',
    retryable: false,
  });
});

it('ends the connection when the attempt is aborted while the server is silent', async () => {
  const abort = new AbortController();
  server.hangNext(1, () => abort.abort());
  await expect(channel.send(mail, abort.signal)).rejects.toMatchObject({ code: 'outcome_unknown' });
});

it('does not begin when the attempt was aborted before', async () => {
  await expect(channel.send(mail, AbortSignal.abort())).rejects.toMatchObject({ code: 'outbound_failed' });
  expect(server.mails.all).toEqual([]);
});
