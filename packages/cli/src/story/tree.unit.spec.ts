import { decisionAt, eventAt, material, outage, webhookAt } from '../../test/story-material.js';
import type { StoryMaterial, StoryNode } from './model.js';
import { flatten, summarize } from './summary.js';
import { buildStory } from './tree.js';

/** A tree as nested names, which is all that its shape is. */
function shape(nodes: readonly StoryNode[]): unknown[] {
  return nodes.map((node) =>
    node.children.length === 0 ? nameOf(node) : [nameOf(node), ...shape(node.children)],
  );
}

function nameOf(node: StoryNode): string {
  if (node.kind === 'webhook') return `webhook ${node.webhook.webhookId}`;
  return node.kind === 'event' ? node.eventId : `${node.agent} ${node.outcome}`;
}

const shapeOf = (seen: Partial<StoryMaterial>): unknown[] => shape(buildStory(material(seen)).roots);

describe('buildStory', () => {
  it('leads from the webhook to the last result', () => {
    expect(shape(buildStory(outage()).roots)).toEqual([
      [
        'webhook w0',
        ['alert', ['ops handled', 'inc', ['page', ['notifier performed', 'paged']], 'fix'], 'ops duplicate'],
      ],
      'webhook w900',
    ]);
  });

  it('begins with the first webhook and ends with the last record', () => {
    const story = buildStory(outage());
    expect(story.endedAtMs - story.startedAtMs).toBe(905);
  });

  it('begins with the first record where no webhook is', () => {
    const story = buildStory(material({ events: [eventAt(20, 'b', 'x', 'a'), eventAt(10, 'a', 'x')] }));
    expect(story.endedAtMs - story.startedAtMs).toBe(10);
  });

  it('puts an event below its cause where no decision lists it', () => {
    expect(shapeOf({ events: [eventAt(2, 'b', 'x', 'a'), eventAt(1, 'a', 'x')] })).toEqual([['a', 'b']]);
  });

  it('believes the decision before the causation id', () => {
    const events = [eventAt(1, 'a', 'x'), eventAt(2, 'b', 'x'), eventAt(3, 'c', 'x', 'a')];
    expect(shapeOf({ events, decisions: [decisionAt(2, 'ops', 'b', ['c'])] })).toEqual([
      'a',
      ['b', ['ops handled', 'c']],
    ]);
  });

  it('keeps what has lost its cause', () => {
    const events = [eventAt(5, 'b', 'x', 'expired')];
    const decisions = [decisionAt(1, 'trial-monitor', 'expired', ['b'], { outcome: 'fired' })];
    expect(shapeOf({ events })).toEqual(['b']);
    expect(shapeOf({ events, decisions })).toEqual([['trial-monitor fired', 'b']]);
    expect(shapeOf({ webhooks: [webhookAt(0, { verdict: 'refused', status: 403 })] })).toEqual([
      'webhook w0',
    ]);
  });

  it('joins an event that was published again', () => {
    const events = [eventAt(9, 'a', 'x'), eventAt(1, 'a', 'x'), eventAt(3, 'a', 'x')];
    const [root] = buildStory(material({ events })).roots;
    expect(root).toMatchObject({ kind: 'event', records: 3 });
    expect(shapeOf({ events })).toEqual(['a']);
  });

  it('joins duplicates of one agent, but not attempts', () => {
    const again = { outcome: 'duplicate' } as const;
    const failed = { outcome: 'failed', error_code: 'outbound_failed' } as const;
    const decisions = [
      ...[5, 6, 7].map((at) => decisionAt(at, 'ops', 'a', [], again)),
      ...[1, 2].map((attempt) => decisionAt(attempt, 'notifier', 'a', [], { ...failed, attempt })),
    ];
    const [root] = buildStory(material({ events: [eventAt(0, 'a', 'x')], decisions })).roots;
    expect(root?.children).toMatchObject([
      { agent: 'notifier', attempt: 1, times: 1 },
      { agent: 'notifier', attempt: 2, times: 1 },
      { agent: 'ops', outcome: 'duplicate', times: 3 },
    ]);
  });

  it('shows a queued act only as long as nothing came of it', () => {
    const queued = decisionAt(1, 'notifier', 'a', [], { note: 'queued' });
    const events = [eventAt(0, 'a', 'email.requested')];
    expect(shapeOf({ events, decisions: [queued] })).toEqual([['a', 'notifier handled']]);
    const done = decisionAt(2, 'notifier', 'a', [], { outcome: 'performed' });
    expect(shapeOf({ events, decisions: [done, queued] })).toEqual([['a', 'notifier performed']]);
  });

  it('has a cause for everything in a loop but one', () => {
    const events = [eventAt(1, 'a', 'x', 'b'), eventAt(2, 'b', 'x', 'a'), eventAt(3, 'c', 'x', 'c')];
    expect(shapeOf({ events })).toEqual([['b', 'a'], 'c']);
    const decisions = [decisionAt(4, 'ops', 'c', ['c'])];
    expect(shapeOf({ events: [eventAt(3, 'c', 'x')], decisions })).toHaveLength(1);
  });

  it('holds everything exactly once, whatever the material', () => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    for (let seed = 1; seed <= 300; seed += 1) {
      let state = seed;
      const next = (max: number): number => (state = (state * 48_271) % 2_147_483_647) % max;
      const events = ids.map((id, at) =>
        eventAt(next(50), id, 'x', next(4) === 0 ? undefined : ids[(at + next(5)) % 5]),
      );
      const decisions = Array.from({ length: next(6) }, (_, at) =>
        decisionAt(next(50), `agent-${at}`, ids[next(5)] ?? 'a', [ids[next(5)] ?? 'a', ids[next(5)] ?? 'b']),
      );
      const webhooks = [webhookAt(0, { eventId: ids[next(5)] ?? 'a' })];
      const names = buildStory(material({ webhooks, events, decisions })).roots.flatMap(flatten).map(nameOf);
      expect(names).toHaveLength(new Set(names).size);
      expect(names).toHaveLength(events.length + decisions.length + webhooks.length);
    }
  });
});

describe('summarize', () => {
  it('counts, and names requests without a result', () => {
    expect(summarize(buildStory(outage()))).toEqual({
      webhooks: 2,
      events: 5,
      agents: ['notifier', 'ops'],
      open: [{ eventId: 'fix', eventType: 'remediation.requested' }],
      failures: [],
    });
  });

  it('counts a request that was given up as failed, not as waiting', () => {
    const events = [eventAt(0, 'a', 'email.requested')];
    const decisions = [
      decisionAt(1, 'notifier', 'a', [], { outcome: 'dead_lettered', event_type: 'email.requested' }),
    ];
    expect(summarize(buildStory(material({ events, decisions })))).toMatchObject({
      open: [],
      failures: [{ agent: 'notifier', eventId: 'a', eventType: 'email.requested' }],
    });
  });

  it('takes a failed attempt for waiting', () => {
    const events = [eventAt(0, 'a', 'email.requested')];
    const decisions = [decisionAt(1, 'notifier', 'a', [], { outcome: 'failed' })];
    expect(summarize(buildStory(material({ events, decisions }))).open).toHaveLength(1);
  });
});
