import type { EventEnvelope } from '@signalbox/contracts';
import { compareAll } from './compare.js';
import { fieldChanges } from './field-changes.js';
import type { Pair, RecordedDecision, ShadowedDecision } from './model.js';
import { reportText } from './report-text.js';

const base = { source: 's', eventId: 'e', eventType: 'user.signed_up', handler: 'h' } as const;
const output = (id: string, data: object): EventEnvelope => ({
  event_id: id,
  event_type: 'email.requested',
  timestamp: '2026-04-05T12:00:00Z',
  data,
  metadata: { source_service: 'a', correlation_id: 'c' },
});
const was = (more: Partial<RecordedDecision> = {}): RecordedDecision => ({
  ...base,
  outcome: 'handled',
  outputs: [],
  hasChangedState: false,
  atMs: 0,
  sequence: 1,
  ...more,
});
const is = (more: Partial<ShadowedDecision> = {}): ShadowedDecision => ({
  ...base,
  outcome: 'handled',
  outputs: [],
  hasChangedState: false,
  ...more,
});
const published = new Map([['1', output('1', { to: 'a' })]]);
const changes = (pair: Omit<Pair, 'atMs'>) =>
  compareAll('a', [{ atMs: 0, ...pair }], published).differences.flatMap((one) => one.changes);
const emitted = [{ eventId: '1', eventType: 'email.requested' }];

describe('compareAll', () => {
  it('finds nothing where nothing differs, whatever the note says', () => {
    expect(changes({ production: was(), shadow: is() })).toEqual([]);
    const same = [output('1', { to: 'a' })];
    expect(changes({ production: was({ outputs: emitted }), shadow: is({ outputs: same }) })).toEqual([]);
  });

  it.each<[string, Omit<Pair, 'atMs'>, object[]]>([
    ['not met any more', { production: was() }, [{ kind: 'not_decided' }]],
    [
      'met for the first time',
      { shadow: is({ outputs: [output('1', {})] }) },
      [{ kind: 'newly_decided', outcome: 'handled', outputs: ['email.requested'] }],
    ],
    [
      'another outcome',
      { production: was({ outcome: 'failed', errorCode: 'handler_failed' }), shadow: is() },
      [{ kind: 'outcome', production: 'failed (handler_failed)', shadow: 'handled' }],
    ],
    [
      'an output less and another more',
      { production: was({ outputs: emitted }), shadow: is({ outputs: [output('2', {})] }) },
      [
        { kind: 'output_missing', eventType: 'email.requested', eventId: '1' },
        { kind: 'output_added', eventType: 'email.requested', eventId: '2' },
      ],
    ],
    [
      'other data under the same id',
      { production: was({ outputs: emitted }), shadow: is({ outputs: [output('1', { to: 'b' })] }) },
      [
        {
          kind: 'output_changed',
          eventType: 'email.requested',
          eventId: '1',
          fields: [{ pointer: '/to', production: 'a', shadow: 'b' }],
        },
      ],
    ],
    [
      'state',
      { production: was(), shadow: is({ hasChangedState: true }) },
      [{ kind: 'state_change', production: false, shadow: true }],
    ],
  ])('finds %s', (_what, pair, expected) => expect(changes(pair)).toEqual(expected));

  it('sums up by kind, and of outputs by type', () => {
    const missing = { atMs: 0, production: was({ outputs: emitted }), shadow: is() };
    const report = compareAll('a', [missing, missing, { atMs: 0, production: was() }], published);
    expect(report).toMatchObject({ compared: 3, differing: 3 });
    expect(report.summary).toEqual({ 'output_missing email.requested': 2, not_decided: 1 });
    const text = reportText(report);
    expect(text).toContain('1970-01-01T00:00:00.000Z  user.signed_up  e  h\n  - email.requested  1\n');
    expect(text).toContain('a: 3 decisions compared, 3 differ.\n  2 × output missing: email.requested');
    expect(text).toContain('1 × not decided');
  });
});

describe('fieldChanges', () => {
  it('points at what differs, also inside and where one side has nothing', () => {
    const a = { x: 1, list: [1, { y: 2 }], 'a/b~c': true, gone: 1 };
    const b = { x: 1, list: [1, { y: 3 }, 4], 'a/b~c': false };
    expect(fieldChanges(a, b)).toEqual([
      { pointer: '/list/1/y', production: 2, shadow: 3 },
      { pointer: '/list/2', production: undefined, shadow: 4 },
      { pointer: '/a~1b~0c', production: true, shadow: false },
      { pointer: '/gone', production: 1, shadow: undefined },
    ]);
  });

  it('takes a list for no object, and lists at most twenty', () => {
    expect(fieldChanges([], {})).toEqual([{ pointer: '', production: [], shadow: {} }]);
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`f${n}`, n]));
    expect(fieldChanges(many, {})).toHaveLength(20);
  });
});
