import { z } from 'zod';
import { defineContract } from '../contract.js';
import { entityId, httpUrl, personal, text, timestamp } from '../fields.js';

const data = z.looseObject({
  event_type: z.literal('negative_sentiment_detected').optional(),
  timestamp: timestamp.optional().describe('When it was found.'),
  source: text(255).describe('Network the post is on, such as twitter.'),
  original_post_url: personal(httpUrl),
  customer_id: entityId,
  customer_name: personal(text(255)),
  sentiment_score: z.number().min(-1).max(1).describe('−1 (worst) to 1 (best).'),
  message: personal(text(10_000)).describe('What the customer wrote.'),
  action_required: z.boolean().describe('Whether the sentiment service asks for action.'),
});

/** A sentiment service found a customer complaining in public. */
export const negativeSentimentDetected = defineContract({
  type: 'negative_sentiment_detected',
  owner: 'social-sentiment',
  consumers: ['sentiment'],
  summary: 'A customer complained in public.',
  schema: data,
  flat: data.required({ event_type: true, timestamp: true }),
  keyField: 'customer_id',
  example: {
    event_type: 'negative_sentiment_detected',
    timestamp: '2026-04-05T10:30:00Z',
    source: 'twitter',
    original_post_url: 'https://twitter.com/user/status/123456789',
    customer_id: 'cust_12345',
    customer_name: 'Jane Doe',
    sentiment_score: -0.85,
    message: "Acme Solutions' new product is buggy and frustrating! #fail",
    action_required: true,
  },
});
