import { createHmac } from 'node:crypto';
import { checkFlat, serviceDown } from '@signalbox/contracts';
import type { PrepareWebhooks } from './http-protocol.js';
import { bodyBytes, webhookBytes } from './webhook-bytes.js';

const order: PrepareWebhooks = {
  kind: 'prepare',
  port: 0,
  path: '/agent/ops-alert-webhook',
  secret: 'hush',
  connections: 1,
  from: 0,
  count: 1,
  body: 'service_down',
};

describe('webhookBytes', () => {
  it.each([0, 7, 123_456])('number %d has a valid body of exactly 512 bytes', (n) => {
    const [head = '', body = ''] = webhookBytes(order, n).toString().split('\r\n\r\n');
    expect(Buffer.byteLength(body)).toBe(bodyBytes);
    expect(head).toContain('content-length: 512');
    expect(() => checkFlat(serviceDown, JSON.parse(body))).not.toThrow();
  });

  it('signs the body as it is sent', () => {
    const [head = '', body = ''] = webhookBytes(order, 1).toString().split('\r\n\r\n');
    expect(head).toContain(createHmac('sha256', 'hush').update(body).digest('hex'));
  });

  it('sends no webhook twice', () => {
    const bodies = new Set(Array.from({ length: 100 }, (_, n) => webhookBytes(order, n).toString()));
    expect(bodies.size).toBe(100);
  });
});
