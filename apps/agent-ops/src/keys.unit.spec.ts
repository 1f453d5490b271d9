import { entityId } from '@signalbox/contracts';
import { incidentId, serviceKey } from './keys.js';

describe('serviceKey', () => {
  it('reads service/environment', () => expect(serviceKey('Pay', 'production')).toBe('Pay/production'));

  it('is another one for another pair', () => {
    const pairs: [string, string][] = [
      ['a/b', 'c'],
      ['a', 'b/c'],
      ['a%2Fb', 'c'],
      ['x'.repeat(255), 'y'],
      ['x'.repeat(254), 'y'],
    ];
    expect(new Set(pairs.map((pair) => serviceKey(...pair))).size).toBe(pairs.length);
  });
});

describe('incidentId', () => {
  it('reads inc-service-environment-sequence', () => {
    expect(incidentId('PaymentGatewayService', 'production', 3)).toBe(
      'inc-PaymentGatewayService-production-3',
    );
    expect(incidentId('payment-service', 'prod', 1)).toBe('inc-payment-service-prod-1');
    expect(incidentId('pay', 'eu-prod', 1)).toBe('inc-pay-eu%2Dprod-1');
  });

  it('is another one for another service, environment or sequence', () => {
    const ids = [
      incidentId('a-b', 'c', 1),
      incidentId('a', 'b-c', 1),
      incidentId('a', 'b', 11),
      incidentId('a-b', '1', 1),
      incidentId('a', 'b', 1),
      incidentId('a', 'b%2Dc', 1),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each([
    ['s'.repeat(255), 'e'.repeat(255)],
    ['s'.repeat(167) + '🚨🚨', 'e'.repeat(60)],
    ['s', 'line\nbreak\u0000'],
  ])('is a valid id for %j in %j', (service, environment) => {
    for (const id of [
      incidentId(service, environment, Number.MAX_SAFE_INTEGER),
      serviceKey(service, environment),
    ]) {
      expect(entityId.safeParse(id).success).toBe(true);
      expect(id).not.toMatch(/\p{Surrogate}(?<!\p{L})/u);
      expect(Buffer.from(id, 'utf8').toString('utf8')).toBe(id);
    }
  });
});
