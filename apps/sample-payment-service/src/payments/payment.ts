import { z } from 'zod';

const order = z.object({
  /** The caller's own id of the payment: sent twice it is one payment. */
  reference: z.string().min(1).max(64),
  /** In the currency's smallest unit. */
  amount_minor: z.number().int().min(1).max(100_000_000),
  /** ISO 4217. */
  currency: z.string().regex(/^[A-Z]{3}$/),
});

export type Order = z.infer<typeof order>;

export interface Payment extends Order {
  readonly payment_id: string;
  readonly status: 'captured';
}

export type Answer = { readonly status: number; readonly body: unknown };

/** Payments kept; the oldest are forgotten. */
const paymentsMax = 10_000;

/** Takes payments, in memory: a sample of a service, not a ledger. */
export class Payments {
  readonly #byReference = new Map<string, Payment>();

  constructor(private readonly newId: () => string) {}

  /** 201 for a new payment, 200 for one taken before, 409 for its reference with other values, 422 for a bad order. */
  take(body: unknown): Answer {
    const parsed = order.safeParse(body);
    if (!parsed.success) {
      const problems = parsed.error.issues.map(({ path, message }) => ({
        pointer: `/${path.join('/')}`,
        message,
      }));
      return { status: 422, body: { code: 'order_invalid', problems } };
    }
    const { reference, amount_minor: amount, currency } = parsed.data;
    const before = this.#byReference.get(reference);
    if (before === undefined) return { status: 201, body: this.#keep(parsed.data) };
    const isSame = before.amount_minor === amount && before.currency === currency;
    return isSame ? { status: 200, body: before } : { status: 409, body: { code: 'reference_taken' } };
  }

  get count(): number {
    return this.#byReference.size;
  }

  #keep(taken: Order): Payment {
    const payment: Payment = { payment_id: this.newId(), ...taken, status: 'captured' };
    this.#byReference.set(taken.reference, payment);
    const [oldest] = this.#byReference.keys();
    if (this.#byReference.size > paymentsMax && oldest !== undefined) this.#byReference.delete(oldest);
    return payment;
  }
}
