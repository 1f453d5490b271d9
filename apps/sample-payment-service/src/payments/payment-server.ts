import type { Server } from 'node:http';
import { randomUUID } from 'node:crypto';
import { readJson, sendJson, serve } from '../http.js';
import { Payments } from './payment.js';

/** The payment service: POST /payments takes a payment, GET /health says that it can. */
export function createPaymentServer(payments = new Payments(randomUUID)): Server {
  return serve(async (request, response) => {
    const route = `${request.method} ${new URL(request.url ?? '/', 'http://localhost').pathname}`;
    if (route === 'GET /health') return sendJson(response, 200, { status: 'ok', payments: payments.count });
    if (route !== 'POST /payments') return sendJson(response, 404, { code: 'not_found' });
    const { status, body } = payments.take(await readJson(request));
    sendJson(response, status, body);
  });
}
