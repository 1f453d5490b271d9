import { emailRequested } from '@signalbox/contracts';
import { sameUnderFaults } from '@signalbox/test-kit';
import { delay, logisticsAgent, order, registered, stock } from '../test/agent.js';
import { internalContracts } from './internal-events.js';

const logistics = { ...logisticsAgent(), internal: internalContracts };

it('has the same effects whatever is repeated, reordered, lost or killed', () => {
  // One product: of several, the first that is read is the cause of the mail, and which that is nobody promises.
  const items = [{ product_id: 'PROD-A', quantity: 20 }];
  const events = [
    registered({ items }),
    order({ items }),
    stock(),
    delay({ affected_products: ['PROD-A'] }),
  ] as const;
  return sameUnderFaults({ agents: [logistics], startsAt: '2026-11-22T01:00:00Z' }, async (bus) => {
    for (const one of events) await bus.publish(one);
    expect(bus.emitted(emailRequested)).toMatchObject([{ recipient_id: 'cust_12345' }]);
  });
}, 180_000);
