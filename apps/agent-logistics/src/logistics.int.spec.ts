import { launchAgent, type RunningAgent } from '@signalbox/agent-kit-nest';
import {
  emailRequested,
  notificationRequested,
  orderPlaced,
  routesRanked,
  shipmentRegistered,
  shipmentReprioritized,
  shippingDelay,
  shortagePredicted,
  stockChanged,
} from '@signalbox/contracts';
import { Installation, eventually } from '@signalbox/test-kit';
import { AppModule } from './app.module.js';
import { agentName } from './internal-events.js';

// Real Kafka and Postgres: what the unit tests say of single decisions holds when the agent runs as its app.
describe('the logistics agent on the real stack', () => {
  let installation: Installation;
  let agent: RunningAgent;
  const order = orderPlaced.example;

  beforeAll(async () => {
    installation = await Installation.open({ agents: [agentName] });
    agent = await launchAgent(AppModule, installation.environment());
  }, 120_000);

  afterAll(async () => {
    await agent?.stop();
    await installation?.close();
  });

  it('turns a delay into routes, a shortage, a mail, two messages and another priority, each once', async () => {
    await installation.publish(shipmentRegistered, shipmentRegistered.example);
    await installation.publish(shipmentRegistered, {
      ...shipmentRegistered.example,
      shipment_id: 'SHIP-ABC-123',
      eta: '2026-04-09T08:00:00Z',
      items: [{ product_id: 'PROD-A', quantity: 5 }],
    });
    await installation.publish(orderPlaced, order);
    await installation.publish(orderPlaced, { ...order, order_id: 'ORD-1002' });
    await installation.publish(stockChanged, stockChanged.example);
    const delay = await installation.publish(shippingDelay, shippingDelay.example);
    await installation.publish(shippingDelay, shippingDelay.example, delay);

    const [moved] = await installation.eventsEventually(shipmentReprioritized, 1);
    expect(moved?.data).toMatchObject({ shipment_id: 'SHIP-ABC-123', from_priority: 3, to_priority: 1 });
    const [mail] = await installation.eventsEventually(emailRequested, 1);
    expect(mail?.data).toMatchObject({ recipient_id: 'cust_12345', to: 'jane.doe@example.com' });
    const messages = await installation.eventsEventually(notificationRequested, 2);
    expect(new Set(messages.map((one) => one.data.audience))).toEqual(new Set(['inventory', 'sales']));
    const shortages = await installation.eventsEventually(shortagePredicted, 1);
    expect(shortages.at(-1)?.data).toMatchObject({
      product_id: 'PROD-A',
      short_from: '2026-04-08T06:00:00Z',
    });
    const routes = await installation.eventsEventually(routesRanked, 1);
    expect(routes[0]?.data.routes[0]?.ports).toEqual(['CNSHA', 'BEANR', 'DEHAM']);
  });

  it('mails each customer once per new date, and again for the next', async () => {
    const later = {
      ...shippingDelay.example,
      timestamp: '2026-04-06T09:00:00Z',
      new_eta: '2026-04-12T17:00:00Z',
    };
    await installation.publish(shippingDelay, later);
    await installation.publish(shippingDelay, later);
    await installation.eventsEventually(emailRequested, 2);
    await installation.publish(orderPlaced, { ...order, order_id: 'ORD-2001', customer_id: 'cust_2' });
    const mails = await installation.eventsEventually(emailRequested, 3);
    const told = mails.map(({ data }) => [
      data.recipient_id,
      data.subject.slice(data.subject.indexOf('expected')),
    ]);
    expect(told.sort()).toEqual([
      ['cust_12345', 'expected 10 April 2026'],
      ['cust_12345', 'expected 12 April 2026'],
      ['cust_2', 'expected 12 April 2026'],
    ]);
  });

  it('an unknown shipment is told to people with what the payload says', async () => {
    const unknown = { ...shippingDelay.example, shipment_id: 'SHIP-UNKNOWN', affected_products: ['PROD-X'] };
    await installation.publish(shippingDelay, unknown);
    const messages = await eventually(
      async () =>
        (await installation.events(notificationRequested)).filter(
          (one) => one.data.subject_id === 'SHIP-UNKNOWN',
        ),
      (found) => found.length >= 2,
      'two messages about the unknown shipment',
    );
    expect(messages.map((one) => one.data.audience).sort()).toEqual(['inventory', 'sales']);
    expect(messages[0]?.data.body_text).toContain('Port strike at Rotterdam');
    expect(await installation.events(emailRequested)).toHaveLength(3);
  });
});
