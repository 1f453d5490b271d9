import { catalogue } from '@signalbox/contracts';
import { decisionAt, eventAt, material, outage, webhookAt } from '../../test/story-material.js';
import { headline } from './headline.js';
import type { StoryMaterial } from './model.js';
import { outcomesByEvent } from './outcomes.js';
import { renderStory } from './render.js';
import { storyJson } from './story-json.js';
import { buildStory } from './tree.js';

const render = (seen: StoryMaterial, width?: number): string[] =>
  renderStory(buildStory(seen), width).split('\n');

describe('a story on the terminal', () => {
  it('shows times on the left and what led to what on the right', () => {
    expect(render(outage())).toEqual([
      'Story story-1',
      '2026-04-05 12:01:00.000 UTC',
      '',
      '       0 ms  webhook from ops-alert to /agent/ops-alert-webhook: accepted with 202',
      '      +4 ms  └─ service_down  Payments in production, critical',
      '     +41 ms     ├─ ops decided: Opened inc-1.',
      '     +44 ms     │  ├─ incident.opened  inc-1',
      '     +45 ms     │  ├─ notification.requested  pagerduty to on-call: Payments is down',
      '    +180 ms     │  │  └─ notifier did it',
      '    +190 ms     │  │     └─ notification.sent  pagerduty to on-call by pagerduty',
      '     +46 ms     │  └─ remediation.requested  restart Payments, step 1',
      '    +905 ms     └─ ops knew it already',
      '    +900 ms  webhook from ops-alert to /agent/ops-alert-webhook: accepted with 202',
      '',
      '2 webhooks · 5 events · 2 agents · 905 ms from first to last',
      'waiting: remediation.requested fix has no result yet',
    ]);
  });

  it('breaks long notes beside the lines of the tree', () => {
    const note = 'Opened an incident because the service does not answer and nobody else has seen it so far.';
    const events = [eventAt(0, 'a', 'x'), eventAt(2, 'b', 'y', 'a')];
    const lines = render(material({ events, decisions: [decisionAt(1, 'ops', 'a', ['b'], { note })] }), 70);
    expect(lines.slice(3, 8)).toEqual([
      '       0 ms  x',
      '      +1 ms  └─ ops decided: Opened an incident because the service',
      '                │  does not answer and nobody else has seen it so far.',
      '      +2 ms     └─ y',
      '',
    ]);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(70);
  });

  it('says what failed, why and how often', () => {
    const decisions = [
      decisionAt(1, 'notifier', 'a', [], {
        outcome: 'failed',
        attempt: 2,
        error_code: 'outbound_failed',
        note: '503',
      }),
      decisionAt(2, 'notifier', 'a', [], {
        outcome: 'dead_lettered',
        error_code: 'outbound_refused',
        note: '404',
      }),
      ...[3, 4].map((at) => decisionAt(at, 'ops', 'a', [], { outcome: 'duplicate' })),
      decisionAt(5, 'welcome', 'a', [], { note: 'queued' }),
    ];
    const lines = render(material({ events: [eventAt(0, 'a', 'email.requested')], decisions }));
    expect(lines.slice(4)).toEqual([
      '      +1 ms  ├─ notifier failed at attempt 2 [outbound_failed]: 503',
      '      +2 ms  ├─ notifier gave up: dead letter [outbound_refused]: 404',
      '      +3 ms  ├─ ops knew it already (2 times)',
      '      +5 ms  └─ welcome has it in its queue',
      '',
      '0 webhooks · 1 event · 3 agents · 5 ms from first to last',
      'failed: notifier could not handle service_down a',
    ]);
  });

  it('shows a refused webhook with its reason, and an event published again', () => {
    const refused = webhookAt(0, {
      verdict: 'refused',
      status: 403,
      reason: 'signature_invalid',
      eventId: 'none',
    });
    const events = [eventAt(1, 'a', 'x'), eventAt(2, 'a', 'x')];
    expect(render(material({ webhooks: [refused], events })).slice(3, 5)).toEqual([
      '       0 ms  webhook from ops-alert to /agent/ops-alert-webhook: refused with 403 (signature_invalid)',
      '      +1 ms  x [published 2 times]',
    ]);
  });

  it('lets nothing from outside move the cursor or add lines', () => {
    const evil = '\u001b[2J\nStory forged';
    const events = [eventAt(0, 'a', evil), eventAt(1, 'b', 'incident.opened', 'a', { incident_id: evil })];
    const decisions = [decisionAt(1, evil, 'a', [], { note: evil, error_code: evil })];
    const webhooks = [webhookAt(0, { source: evil, path: evil, reason: evil, eventId: 'a' })];
    const text = renderStory(buildStory(material({ correlationId: evil, webhooks, events, decisions })));

    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect(text.split('\n').filter((line) => line.startsWith('Story'))).toHaveLength(1);
  });
});

describe('a story as data', () => {
  it('has the same tree with times', () => {
    const json = JSON.parse(JSON.stringify(storyJson(buildStory(outage())))) as Record<string, unknown>;
    expect(json).toMatchObject({
      correlation_id: 'story-1',
      started_at: '2026-04-05T12:01:00.000Z',
      duration_ms: 905,
      summary: { webhooks: 2, events: 5, agents: ['notifier', 'ops'] },
      tree: [
        {
          kind: 'webhook',
          after_ms: 0,
          status: 202,
          children: [
            {
              kind: 'event',
              event_id: 'alert',
              event_type: 'service_down',
              headline: 'Payments in production, critical',
              data: { service_name: 'Payments' },
              children: [
                {
                  kind: 'decision',
                  agent: 'ops',
                  outcome: 'handled',
                  note: 'Opened inc-1.',
                  at: '2026-04-05T12:01:00.041Z',
                },
                { outcome: 'duplicate' },
              ],
            },
          ],
        },
        { kind: 'webhook', children: [] },
      ],
    });
  });
});

describe('headlines', () => {
  it.each([...catalogue.values()].map((c) => [c.type, c.example] as const))(
    '%s says something',
    (type, example) => {
      expect(headline(type, example)).not.toBe('');
      expect(headline(type, example)).not.toMatch(/\?|undefined|object/);
    },
  );

  it.each([undefined, null, 'text', 7, {}, { routes: 7 }])('never fails for data %p', (data) => {
    for (const type of [...catalogue.keys(), 'unknown.type'])
      expect(typeof headline(type, data)).toBe('string');
  });

  it('shows what an agent did, three events at most', () => {
    const entries = ['a', 'b', 'c', 'd', 'e'].map((type) => ({ event_type: type, outcome: 'handled' }));
    expect(headline('agent.activity', { agent: 'ops', entries })).toBe(
      'ops: a handled, b handled, c handled, 2 more',
    );
  });

  it('shows the first of the ranked routes', () => {
    expect(headline('routes.ranked', { shipment_id: 'S', routes: [{ ports: ['CNSHA', 'DEHAM'] }, {}] })).toBe(
      'S: 2 routes, best CNSHA–DEHAM',
    );
  });
});

describe('outcomesByEvent', () => {
  it('keeps the last word of each agent; a duplicate is no word when there is another', () => {
    const outcomes = outcomesByEvent([
      decisionAt(9, 'ops', 'a', [], { outcome: 'duplicate' }),
      decisionAt(2, 'notifier', 'a', [], { outcome: 'performed', note: 'ok' }),
      decisionAt(1, 'notifier', 'a', [], { outcome: 'failed', error_code: 'outbound_failed' }),
      decisionAt(3, 'ops', 'a', [], {}),
      decisionAt(3, 'ops', 'b', [], { outcome: 'duplicate' }),
    ]);
    expect(outcomes.get('a')).toEqual([
      { agent: 'notifier', outcome: 'performed', note: 'ok' },
      { agent: 'ops', outcome: 'handled' },
    ]);
    expect(outcomes.get('b')).toEqual([{ agent: 'ops', outcome: 'duplicate' }]);
  });
});
