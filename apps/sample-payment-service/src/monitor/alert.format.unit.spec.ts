import { serviceDown, serviceRecovered } from '@signalbox/contracts';
import { alertPayloadOf } from './alert.format.js';

const context = {
  statusUrl: 'http://127.0.0.1:3301/status',
  environment: 'production',
  atMs: Date.parse('2026-04-05T12:01:00Z'),
};

it('reports an outage as the contract of service_down wants it', () => {
  const payload = alertPayloadOf({ type: 'service_down', alertId: 'A-1', reason: 'refused' }, context);
  expect((serviceDown.flat ?? serviceDown.schema).parse(payload)).toEqual({
    alert_id: 'A-1',
    event_type: 'service_down',
    timestamp: '2026-04-05T12:01:00.000Z',
    service_name: 'PaymentGatewayService',
    severity: 'critical',
    environment: 'production',
    message: 'The payment service does not answer: refused.',
    incident_link: 'http://127.0.0.1:3301/status',
  });
});

it('reports a recovery as the contract of service_recovered wants it', () => {
  const payload = alertPayloadOf({ type: 'service_recovered', alertId: 'A-1', downMs: 61_400 }, context);
  expect((serviceRecovered.flat ?? serviceRecovered.schema).parse(payload)).toMatchObject({
    alert_id: 'A-1',
    message: 'The payment service answers again after 61 s.',
  });
});
