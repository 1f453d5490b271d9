import { listen } from './http.js';
import { createPaymentServer } from './payments/payment-server.js';

// The payment service as a process of its own. It listens on a free port, tells it to the supervisor that started
// it, and ends with it.
process.once('disconnect', () => process.exit(0));
process.once('SIGTERM', () => process.exit(0));
void listen(createPaymentServer(), 0, '127.0.0.1').then((port) => process.send?.({ port }));
