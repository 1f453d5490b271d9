import { closeServer, listen } from '../http.js';
import { createPaymentServer } from './payment-server.js';
import { Payments } from './payment.js';

const server = createPaymentServer(new Payments(() => 'pay-1'));
let url: string;
beforeAll(async () => {
  url = `http://127.0.0.1:${await listen(server, 0, '127.0.0.1')}`;
});
afterAll(() => closeServer(server));

const pay = (body: string): Promise<Response> => fetch(`${url}/payments`, { method: 'POST', body });

it('takes a payment and counts it', async () => {
  const order = { reference: 'order-1', amount_minor: 100, currency: 'EUR' };
  const first = await pay(JSON.stringify(order));
  expect(first.status).toBe(201);
  expect(await first.json()).toEqual({ payment_id: 'pay-1', ...order, status: 'captured' });
  expect((await pay(JSON.stringify(order))).status).toBe(200);
  expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'ok', payments: 1 });
});

it.each([['{'], ['[]'], ['null']])('refuses the body %j', async (body) =>
  expect((await pay(body)).status).toBe(422),
);

it('knows no other address', async () => {
  expect((await fetch(`${url}/payments`)).status).toBe(404);
  expect((await fetch(`${url}/refunds`, { method: 'POST' })).status).toBe(404);
});
