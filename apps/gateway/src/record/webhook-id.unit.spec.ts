import { newWebhookId } from './webhook-id.js';

describe('the id of a webhook', () => {
  it('is a UUID of version 7, greater than the one before, however many are drawn', () => {
    // More than twice what the pool of random numbers holds.
    const ids = Array.from({ length: 3_000 }, newWebhookId);
    const form = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    expect(ids.every((id) => form.test(id))).toBe(true);
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('differs in its random part from id to id', () => {
    const ends = new Set(Array.from({ length: 500 }, () => newWebhookId().slice(-8)));
    expect(ends.size).toBeGreaterThan(490);
  });
});
