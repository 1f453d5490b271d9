import { createOutboundHttp, type OutboundHttp } from '@signalbox/outbound-http';
import { SlackReceiver } from '@signalbox/test-kit';
import { notificationEvent } from '../../test/events.js';
import { SlackChannel } from './slack.channel.js';
import { slackMessageOf } from './slack.format.js';

const message = slackMessageOf(notificationEvent({ channel: 'slack' }).data);
const signal = (): AbortSignal => AbortSignal.timeout(5_000);

let slack: SlackReceiver;
let http: OutboundHttp;
let channel: SlackChannel;
beforeEach(async () => {
  slack = await SlackReceiver.start();
  http = createOutboundHttp({ allowPrivate: ['127.0.0.0/8'] });
  channel = new SlackChannel(http);
});
afterEach(async () => {
  await http.close();
  await slack.close();
});

it('posts a message the webhook takes', async () => {
  await channel.send(slack.url, message, signal());
  expect(slack.messages).toEqual([message]);
});

it.each([
  [400, 'invalid_blocks'],
  [403, 'action_prohibited'],
  [404, 'no_service'],
  [410, 'channel_is_archived'],
])('gives up at %i %s', async (status, body) => {
  slack.http.answerNext({ status, body });
  await expect(channel.send(slack.url, message, signal())).rejects.toMatchObject({
    code: 'outbound_refused',
    message: expect.stringContaining(body) as string,
  });
});

it('waits as long as a rate limit says', async () => {
  slack.http.answerNext({ status: 429, headers: { 'retry-after': '30' } });
  await expect(channel.send(slack.url, message, signal())).rejects.toMatchObject({ afterMs: 30_000 });
});

it('tries again after a server error', async () => {
  slack.http.answerNext({ status: 500, body: 'rollup_error' });
  await expect(channel.send(slack.url, message, signal())).rejects.toMatchObject({ code: 'outbound_failed' });
});

it("takes only 'ok' for an answer", async () => {
  slack.http.answerNext({ status: 200, body: '<html>Log in</html>' });
  await expect(channel.send(slack.url, message, signal())).rejects.toMatchObject({
    code: 'outbound_refused',
  });
});

it('does not repeat by itself what may have been posted', async () => {
  slack.http.cutNext();
  await expect(channel.send(slack.url, message, signal())).rejects.toMatchObject({ code: 'outcome_unknown' });
});
