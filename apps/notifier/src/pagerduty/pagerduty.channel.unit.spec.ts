import { createOutboundHttp, type OutboundHttp } from '@signalbox/outbound-http';
import { PagerDutyReceiver } from '@signalbox/test-kit';
import { notificationEvent } from '../../test/events.js';
import { PagerDutyChannel } from './pagerduty.channel.js';
import { pagerDutyEventOf } from './pagerduty.format.js';

const event = pagerDutyEventOf(notificationEvent(), 'R'.repeat(32));
const signal = (): AbortSignal => AbortSignal.timeout(5_000);

let pagerDuty: PagerDutyReceiver;
let http: OutboundHttp;
let channel: PagerDutyChannel;
beforeEach(async () => {
  pagerDuty = await PagerDutyReceiver.start();
  http = createOutboundHttp({ allowPrivate: ['127.0.0.0/8'] });
  channel = new PagerDutyChannel(http, pagerDuty.url);
});
afterEach(async () => {
  await http.close();
  await pagerDuty.close();
});

it.each([['trigger'], ['acknowledge'], ['resolve']] as const)(
  'sends %s in the documented format',
  async (action) => {
    await channel.send(pagerDutyEventOf(notificationEvent({ action }), 'R'.repeat(32)), signal());
    expect(pagerDuty.events).toMatchObject([{ event_action: action }]);
  },
);

it('gives up an event PagerDuty calls invalid', async () => {
  await expect(channel.send({ ...event, routing_key: 'short' }, signal())).rejects.toMatchObject({
    code: 'outbound_refused',
    message: expect.stringContaining('routing_key') as string,
  });
});

it.each([[429], [500], [503]])('tries again at %i', async (status) => {
  pagerDuty.http.answerNext({ status });
  await expect(channel.send(event, signal())).rejects.toMatchObject({
    code: 'outbound_failed',
    retryable: true,
  });
});

it('tries again when the answer is lost: the dedup key joins repeats', async () => {
  pagerDuty.http.cutNext();
  await expect(channel.send(event, signal())).rejects.toMatchObject({
    code: 'outbound_failed',
    retryable: true,
  });
});
