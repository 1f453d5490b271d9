import type { ReadyMapping } from './ready-mapping.js';

const name = '$trim((first_name ?: "") & " " & (last_name ?: ""))';

/** Shopify's topics stand in a header: the name of the event. */
export const shopifyCustomers: ReadyMapping = {
  name: 'shopify-customers',
  providers: ['shopify'],
  summary: 'A new or changed customer with a mail address is `customer.updated`.',
  rules: [
    {
      when: '$event in ["customers/create", "customers/update"] and $boolean(email)',
      event_type: 'customer.updated',
      timestamp: 'updated_at',
      data: `{
        "customer_id": $string(id),
        "name": ${name} = "" ? email : ${name},
        "email": email
      }`,
    },
  ],
};
