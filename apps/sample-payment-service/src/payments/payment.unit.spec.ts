import { Payments } from './payment.js';

const order = { reference: 'order-1', amount_minor: 1_999, currency: 'EUR' };
let payments: Payments;
beforeEach(() => {
  let n = 0;
  payments = new Payments(() => `pay-${(n += 1)}`);
});

it('takes a payment once, however often it is sent', () => {
  expect(payments.take(order)).toEqual({
    status: 201,
    body: { payment_id: 'pay-1', ...order, status: 'captured' },
  });
  expect(payments.take(order)).toMatchObject({ status: 200, body: { payment_id: 'pay-1' } });
  expect(payments.count).toBe(1);
});

it('refuses a reference that means another payment', () => {
  payments.take(order);
  expect(payments.take({ ...order, amount_minor: 1 })).toMatchObject({ status: 409 });
  expect(payments.take({ ...order, currency: 'USD' })).toMatchObject({ status: 409 });
});

it.each([
  [undefined, '/'],
  [{ ...order, reference: '' }, '/reference'],
  [{ ...order, amount_minor: 0 }, '/amount_minor'],
  [{ ...order, amount_minor: '1999' }, '/amount_minor'],
  [{ ...order, currency: 'euro' }, '/currency'],
])('refuses %j and names the field', (body, pointer) => {
  expect(payments.take(body)).toMatchObject({ status: 422, body: { problems: [{ pointer }] } });
});

it('forgets the oldest beyond its bound', () => {
  for (let n = 0; n <= 10_000; n += 1) payments.take({ ...order, reference: `order-${n}` });
  expect(payments.count).toBe(10_000);
  expect(payments.take({ ...order, reference: 'order-0' }).status).toBe(201);
});
