import { silentLogger } from '@signalbox/observability';
import { createOutboundHttp, type OutboundHttp } from '@signalbox/outbound-http';
import { HttpReceiver, type ReceivedRequest } from '@signalbox/test-kit';
import { xWebhookSignature } from '@signalbox/webhooks';
import { WebhookSender } from './webhook-sender.js';

let gateway: HttpReceiver;
let http: OutboundHttp;
let sender: WebhookSender;
beforeEach(async () => {
  gateway = await HttpReceiver.start(() => ({ status: 202 }));
  http = createOutboundHttp({ allowPrivate: [`127.0.0.1:${gateway.port}`] });
  sender = new WebhookSender(http, { url: `${gateway.origin}/hook`, secret: 's3cret' }, silentLogger);
});
afterEach(async () => {
  await sender.stop();
  await http.close();
  await gateway.close();
});

const bodies = (requests: readonly ReceivedRequest[]): string[] =>
  requests.map(({ body }) => body.toString());

it('signs the exact body', async () => {
  sender.send({ n: 1 });
  const [request] = await gateway.requests.waitFor(1);
  const verdict = xWebhookSignature.verify({
    rawBody: request?.body ?? Buffer.alloc(0),
    headers: request?.headers ?? {},
    secrets: [{ keyId: 'default', value: 's3cret' }],
    nowMs: 0,
  });
  expect(verdict).toEqual({ ok: true, keyId: 'default' });
});

it('sends the same body again until it is answered with 202, then the next', async () => {
  gateway.answerNext({ status: 503 });
  gateway.answerNext({ status: 200 });
  gateway.cutNext();
  sender.send({ n: 1 });
  sender.send({ n: 2 });
  expect(bodies(await gateway.requests.waitFor(5))).toEqual([
    '{"n":1}',
    '{"n":1}',
    '{"n":1}',
    '{"n":1}',
    '{"n":2}',
  ]);
});

it('stops at once while it waits for the next try, and keeps count of what waits', async () => {
  gateway.answerNext({ status: 503 }, Infinity);
  sender.send({ n: 1 });
  await gateway.requests.waitFor(2);
  expect(sender.waiting).toBe(1);
  await sender.stop();
});

it('drops the oldest beyond its bound', async () => {
  gateway.hangNext();
  for (let n = 0; n < 102; n += 1) sender.send({ n });
  expect(sender.waiting).toBe(100);
});
