import { PagerDutyReceiver, checkPagerDutyEvent } from './pagerduty-receiver.js';

const trigger = {
  routing_key: 'R'.repeat(32),
  event_action: 'trigger',
  dedup_key: 'incident-1',
  payload: { summary: 'Down', source: 'ops', severity: 'critical' },
  links: [{ href: 'https://example.com/1', text: 'Incident' }],
};
const errors = (event: unknown): string[] => checkPagerDutyEvent(Buffer.from(JSON.stringify(event))).errors;

it.each([
  [trigger],
  [{ ...trigger, dedup_key: undefined, links: undefined }],
  [{ routing_key: trigger.routing_key, event_action: 'resolve', dedup_key: 'incident-1' }],
])('finds nothing wrong with %j', (event) => expect(errors(event)).toEqual([]));

it.each([
  [{ ...trigger, routing_key: 'short' }, 'routing_key'],
  [{ ...trigger, event_action: 'open' }, 'event_action'],
  [{ ...trigger, dedup_key: 'x'.repeat(256) }, 'dedup_key'],
  [{ ...trigger, payload: undefined }, 'payload'],
  [{ ...trigger, payload: { ...trigger.payload, summary: 'x'.repeat(1_025) } }, 'summary'],
  [{ ...trigger, payload: { ...trigger.payload, source: '' } }, 'source'],
  [{ ...trigger, payload: { ...trigger.payload, severity: 'high' } }, 'severity'],
  [{ ...trigger, links: [{}] }, 'links'],
  [{ routing_key: trigger.routing_key, event_action: 'acknowledge' }, 'dedup_key'],
])('finds what is wrong with %j', (event, field) => {
  expect(errors(event)).toEqual([expect.stringContaining(field)]);
});

it('finds that a body is not JSON', () => {
  expect(checkPagerDutyEvent(Buffer.from('<xml/>')).errors).toEqual(['JSON cannot be parsed']);
});

it('answers 202 with the dedup key, and 400 with the errors', async () => {
  const pagerDuty = await PagerDutyReceiver.start();
  const post = (event: unknown): Promise<Response> =>
    fetch(pagerDuty.url, { method: 'POST', body: JSON.stringify(event) });
  try {
    const taken = await post(trigger);
    expect(taken.status).toBe(202);
    expect(await taken.json()).toMatchObject({ status: 'success', dedup_key: 'incident-1' });
    const refused = await post({ ...trigger, payload: {} });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({
      status: 'invalid event',
      errors: expect.any(Array) as unknown,
    });
    expect((await fetch(`${pagerDuty.http.origin}/v1`, { method: 'POST' })).status).toBe(404);
    expect(pagerDuty.events).toEqual([trigger]);
  } finally {
    await pagerDuty.close();
  }
});
