import type { ReadyMapping } from './ready-mapping.js';

const email =
  '(data.email_addresses[id = $$.data.primary_email_address_id].email_address ?: data.email_addresses[0].email_address)';

/** Clerk's user events. */
export const clerkUsers: ReadyMapping = {
  name: 'clerk-users',
  providers: ['clerk'],
  summary: 'A user who was created is `user.signed_up`; plan and campaign come from the public metadata.',
  rules: [
    {
      when: 'type = "user.created"',
      event_type: 'user.signed_up',
      timestamp: '$fromMillis(data.created_at)',
      data: `{
        "user_id": data.external_id ?: data.id,
        "email": ${email},
        "plan": $string(data.public_metadata.plan ?: "free"),
        "signup_source": $string(data.public_metadata.signup_source ?: data.unsafe_metadata.signup_source ?: "clerk")
      }`,
    },
  ],
};
