import type { BlockedKey, Group, Letter, Run, WholeLetter } from './model.js';
import {
  changesText,
  controlText,
  groupTable,
  keyTable,
  letterTable,
  letterText,
  runText,
  unknownTable,
} from './text.js';

const letter = (change: Partial<WholeLetter> = {}): WholeLetter => ({
  id: '7',
  status: 'open',
  handler: 'greet',
  key: { kind: 'user', value: 'usr-1' },
  event_id: 'evt-1',
  event_type: 'user.signed_up',
  source: 'auth',
  correlation_id: 'story-1',
  error_code: 'handler_failed',
  error_message: 'Error: no such plan',
  fingerprint: 'f00d',
  attempts: 6,
  redrives: 0,
  first_failed_at: '2026-04-05T12:00:00.000Z',
  last_failed_at: '2026-04-05T19:11:05.000Z',
  code_version: 'v7',
  created_at: '2026-04-05T19:11:05.500Z',
  edits: 0,
  edited: null,
  settled: null,
  record: {
    topic: 'user.signed_up',
    partition: 1,
    offset: '42',
    timestamp: '2026-04-05T12:00:00.000Z',
    key: { text: 'usr-1' },
    value: { text: '{"event_id":"evt-1","data":{"plan":"x"}}' },
  },
  edited_value: null,
  ...change,
});
/** What could take over a terminal: colours, a bell, a title, a line of its own. */
const evil = 'a\u001b[31m\u0007\u202e\nb';
const isTame = (text: string): boolean =>
  !/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/u.test(text); // eslint-disable-line no-control-regex
const rows = (text: string): string[][] => text.split('\n').map((line) => line.trim().split(/ {2,}/));

describe('dead letters in a list', () => {
  it('are one a line: since when, of what, of which key, and why', () => {
    expect(rows(letterTable([letter(), letter({ id: '1234', key: null, event_type: null })]))).toEqual([
      ['ID', 'STATUS', 'SINCE (UTC)', 'EVENT TYPE', 'KEY', 'WHY'],
      ['7', 'open', '2026-04-05 19:11:05', 'user.signed_up', 'usr-1', 'handler_failed: Error: no such plan'],
      ['1234', 'open', '2026-04-05 19:11:05', '-', '-', 'handler_failed: Error: no such plan'],
    ]);
  });

  it('are none', () => {
    expect(letterTable([])).toBe('There are no such dead letters.');
    expect(groupTable([])).toBe('There are no such dead letters.');
    expect(unknownTable([])).toBe('The outcome of every call is known.');
  });

  it('are counted by their cause', () => {
    const group: Group = { ...letter(), count: 12, last_at: '2026-04-05T19:00:00Z', event_type: null };
    expect(rows(groupTable([group, { ...group, handler: null, count: 3 }])).slice(1)).toEqual([
      ['12', 'f00d', '2026-04-05 19:00:00', 'greet', 'handler_failed: Error: no such plan'],
      ['3', 'f00d', '2026-04-05 19:00:00', '-', 'handler_failed: Error: no such plan'],
    ]);
  });

  it('tell of acts with an unknown outcome by handler and event', () => {
    const unknown = letter({
      error_code: 'outcome_unknown',
      error_message: 'attempt 1 of send did not end in time',
    });
    expect(rows(unknownTable([unknown, letter({ handler: null, event_id: null })])).slice(1)).toEqual([
      ['7', '2026-04-05 19:11:05', 'greet', 'evt-1', 'attempt 1 of send did not end in time'],
      ['7', '2026-04-05 19:11:05', '-', '-', 'Error: no such plan'],
    ]);
  });

  it('cut long reasons and long keys, and keep both ends of a key', () => {
    const text = letterTable([
      letter({ key: { kind: 'k', value: `order-${'9'.repeat(40)}-end` }, error_message: 'x'.repeat(500) }),
    ]);
    expect(text).toMatch(/order-9+…-end/);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(180);
  });

  it('cannot take over the terminal, whatever the events say', () => {
    const odd: Letter = letter({
      event_type: evil,
      event_id: evil,
      error_message: evil,
      key: { kind: 'k', value: evil },
    });
    for (const text of [
      letterTable([odd]),
      unknownTable([odd]),
      groupTable([{ ...odd, count: 1, last_at: odd.created_at }]),
    ]) {
      expect(isTame(text)).toBe(true);
      expect(text.split('\n')).toHaveLength(2);
    }
  });
});

describe('one dead letter', () => {
  const facts = (change: Partial<WholeLetter> = {}): Record<string, string> =>
    Object.fromEntries(
      letterText(letter(change))
        .split('\n\n')[0]!
        .split('\n')
        .map((line) => [line.slice(0, 12).trim(), line.slice(13)]),
    );

  it('is told whole', () => {
    expect(facts()).toEqual({
      'dead letter': '7 (open)',
      why: 'handler_failed: Error: no such plan',
      fingerprint: 'f00d',
      handler: 'greet',
      event: 'user.signed_up  evt-1',
      story: 'story-1',
      key: 'user/usr-1',
      attempts: '6, from 2026-04-05 12:00:00 to 2026-04-05 19:11:05 UTC',
      redriven: 'never',
      code: 'v7',
      record: 'user.signed_up/1 offset 42',
    });
  });

  it('of nothing anybody could read says so', () => {
    const nobody = { handler: null, key: null, event_id: null, event_type: null, correlation_id: null };
    expect(facts(nobody)).toMatchObject({
      handler: 'none: it reached no handler',
      event: 'unknown type  no id',
      story: '-',
      key: '-',
    });
  });

  it.each<[string, Partial<WholeLetter>, Record<string, string>]>([
    ['was redriven', { redrives: 2 }, { redriven: '2 times before' }],
    [
      'was edited',
      { edited: { by: 'ann', at: '2026-04-06T08:00:00Z' }, edited_value: { text: '{}' } },
      { edited: 'by ann, 2026-04-06 08:00:00 UTC' },
    ],
    [
      'was discarded for a reason',
      { status: 'discarded', settled: { by: 'ann', why: 'a test', at: '2026-04-06T08:00:00Z' } },
      { discarded: 'by ann: a test' },
    ],
    [
      'was redriven by somebody',
      { status: 'redriven', settled: { by: 'ann', why: null, at: '2026-04-06T08:00:00Z' } },
      { redriven: 'by ann' },
    ],
  ])('that %s tells by whom', (_what, change, wanted) => expect(facts(change)).toMatchObject(wanted));

  it.each<[string, WholeLetter['record']['value'], string]>([
    ['JSON, indented', { text: '{"a":{"b":1}}' }, '  {\n    "a": {\n      "b": 1\n    }\n  }'],
    ['text as it is, line by line', { text: 'no\njson' }, '  no\n  json'],
    ['bytes in base64', { base64: '/wA=' }, '  base64 /wA='],
    ['nothing', null, '  (empty)'],
  ])('shows its record: %s', (_what, value, text) => {
    const shown = letterText(letter({ record: { ...letter().record, value } }));
    expect(shown.split('the record\n')[1]).toBe(text);
  });

  it('shows the edit beside the original', () => {
    const shown = letterText(letter({ edited_value: { text: '{"b":2}' } }));
    expect(shown.indexOf('the record')).toBeLessThan(shown.indexOf('as edited\n  {\n    "b": 2'));
  });

  it('cannot take over the terminal, whatever its event says', () => {
    const odd = letter({
      event_id: evil,
      event_type: evil,
      correlation_id: evil,
      error_message: evil,
      key: { kind: 'k', value: evil },
      edited: { by: evil, at: letter().created_at },
      settled: { by: evil, why: evil, at: letter().created_at },
      record: { ...letter().record, value: { text: evil } },
    });
    expect(isTame(letterText(odd))).toBe(true);
  });
});

describe('an edit', () => {
  it('is shown field by field: what was, what is', () => {
    expect(
      changesText([
        { pointer: '/data/plan', before: 'x', after: 'pro' },
        { pointer: '/data/new', after: { n: 1 } },
        { pointer: '/data/old', before: null },
        { pointer: '', after: [] },
      ]),
    ).toBe(
      [
        '  /data/plan',
        '    - "x"',
        '    + "pro"',
        '  /data/new',
        '    + {"n":1}',
        '  /data/old',
        '    - null',
        '  /',
        '    + []',
      ].join('\n'),
    );
  });
});

describe('a redrive of many', () => {
  const run: Run = {
    id: '3',
    status: 'running',
    total: 40,
    redriven: 12,
    refused: 0,
    last_refusal: null,
    rate_per_s: 10,
    asked_by: 'ann',
    created_at: '2026-04-05T12:00:00Z',
  };
  it.each<[Partial<Run>, string]>([
    [{}, 'redrive 3: 12 of 40 redriven, running, 10 a second'],
    [{ status: 'done', redriven: 40 }, 'redrive 3: 40 of 40 redriven, done'],
    [
      { status: 'cancelled', refused: 2, last_refusal: 'it was\nedited' },
      'redrive 3: 12 of 40 redriven, 2 refused, cancelled\n  last refusal: it was edited',
    ],
    [{ refused: 1 }, 'redrive 3: 12 of 40 redriven, 1 refused, running, 10 a second'],
  ])('%j is told in a line', (change, text) => expect(runText({ ...run, ...change })).toBe(text));
});

describe('blocked keys', () => {
  const nowMs = Date.parse('2026-04-05T12:00:00Z');
  const key: BlockedKey = {
    kind: 'user',
    value: 'usr-1',
    since: '2026-04-05T11:00:00Z',
    waiting: 3,
    next_attempt_at: '2026-04-05T12:01:00Z',
    error_message: 'not yet',
  };
  it('say how many wait, for when, or for whom', () => {
    const stuck = { ...key, since: null, next_attempt_at: null, error_message: null, waiting: 0 };
    expect(
      rows(keyTable([key, stuck, { ...key, next_attempt_at: '2026-04-05T11:58:00Z' }], nowMs)).slice(1),
    ).toEqual([
      ['user', 'usr-1', '2026-04-05 11:00:00', '3', '+1 min', 'not yet'],
      ['user', 'usr-1', '-', '0', 'a person', '-'],
      ['user', 'usr-1', '2026-04-05 11:00:00', '3', '−2 min', 'not yet'],
    ]);
    expect(keyTable([], nowMs)).toBe('No key is blocked.');
    expect(isTame(keyTable([{ ...key, value: evil, error_message: evil }], nowMs))).toBe(true);
  });
});

describe('kill switches', () => {
  const by = { by: 'ann', why: 'the receiver is down', since: '2026-04-05T11:00:00Z' };
  it.each([
    [null, null, 'ops is not paused.\nEffects are not held.'],
    [
      by,
      null,
      'ops is paused by ann since 2026-04-05 11:00:00 UTC: the receiver is down\nEffects are not held.',
    ],
    [
      null,
      by,
      'ops is not paused.\nEffects are held by ann since 2026-04-05 11:00:00 UTC: the receiver is down',
    ],
  ])('are told: paused %j, held %j', (paused, held, text) => {
    expect(controlText({ agent: 'ops', paused, effects_held: held })).toBe(text);
  });
});
