import { severity } from '@signalbox/contracts';
import { runbookFor, runbookNamed, runbooks } from './runbooks.js';

describe('runbookFor', () => {
  it.each([
    ['PaymentGatewayService', 'production', 'critical', 'payment-unresponsive'],
    ['PaymentGatewayService', 'Production', 'high', 'payment-unresponsive'],
    ['PaymentGatewayService', 'production', 'medium', 'service-degraded'],
    ['PaymentGatewayService', 'staging', 'critical', 'restart-only'],
    ['OrderService', 'production', 'critical', 'service-unresponsive'],
    ['OrderService', 'prod', 'high', 'service-unresponsive'],
    ['OrderService', 'test', 'medium', 'restart-only'],
    ['OrderService', 'production', 'low', undefined],
    ['OrderService', 'production', 'info', undefined],
  ] as const)('%s in %s, %s: %s', (service, environment, level, name) =>
    expect(runbookFor(service, environment, level)?.name).toBe(name),
  );
});

describe('the runbooks', () => {
  it('have names of their own, and steps that go from mild to drastic', () => {
    expect(new Set(runbooks.map(({ name }) => name)).size).toBe(runbooks.length);
    const order = ['restart', 'scale', 'hook'];
    for (const { name, steps } of runbooks) {
      expect(runbookNamed(name)?.steps).toBe(steps);
      const ranks = steps.map(({ action }) => order.indexOf(action));
      expect(ranks[0]).toBe(0);
      expect(ranks).toEqual([...ranks].sort());
    }
  });

  it('are found for every severity that pages people', () => {
    for (const level of severity.options) {
      const expected = level === 'low' || level === 'info' ? 'undefined' : 'object';
      expect(typeof runbookFor('Any', 'anywhere', level)).toBe(expected);
    }
  });
});
