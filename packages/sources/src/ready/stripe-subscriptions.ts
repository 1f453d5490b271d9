import type { ReadyMapping } from './ready-mapping.js';

/** The person at ours: what whoever made the subscription wrote into its metadata, else Stripe's customer. */
const user = '$string(data.object.metadata.user_id ?: data.object.customer)';
const price = 'data.object.items.data[0].price';
const plan = `$string(data.object.metadata.plan ?: ${price}.lookup_key ?: ${price}.nickname ?: ${price}.id ?: data.object.plan.id)`;
const time = (seconds: string): string => `$fromMillis((${seconds}) * 1000)`;
const was = 'data.previous_attributes.status';
const now = 'data.object.status';

/** Stripe's `customer.subscription.*`: what it says about trials and about paying. */
export const stripeSubscriptions: ReadyMapping = {
  name: 'stripe-subscriptions',
  providers: ['stripe'],
  summary:
    'A subscription that begins with a trial is `trial.started`, one that begins to be paid `subscription.started` (from which `trial-monitor` makes `trial.converted`), a trial that ends unpaid `trial.expired`.',
  rules: [
    {
      when: `type = "customer.subscription.created" and ${now} = "trialing"`,
      event_type: 'trial.started',
      timestamp: time('created'),
      data: `{
        "user_id": ${user},
        "plan": ${plan},
        "started_at": ${time('data.object.trial_start')},
        "ends_at": ${time('data.object.trial_end')},
        "subscription_id": data.object.id
      }`,
    },
    {
      when: `${now} = "active" and (type = "customer.subscription.created" or
        (type = "customer.subscription.updated" and ${was} in ["trialing", "incomplete", "paused"]))`,
      event_type: 'subscription.started',
      timestamp: time('created'),
      data: `{
        "user_id": ${user},
        "plan": ${plan},
        "started_at": ${time('created')},
        "subscription_id": data.object.id
      }`,
    },
    {
      when: `(type = "customer.subscription.updated" and ${was} = "trialing" and
          ${now} in ["canceled", "unpaid", "past_due", "paused", "incomplete_expired"]) or
        (type = "customer.subscription.deleted" and $exists(data.object.trial_end) and
          data.object.trial_end != null and data.object.trial_end >= (data.object.ended_at ?: created))`,
      event_type: 'trial.expired',
      timestamp: time('created'),
      data: `{
        "user_id": ${user},
        "plan": ${plan},
        "started_at": ${time('data.object.trial_start')},
        "expired_at": ${time('created')},
        "usage": {},
        "subscription_id": data.object.id
      }`,
    },
  ],
};
