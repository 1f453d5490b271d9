import { catalogue, encodeEvent, type EventEnvelope } from '@signalbox/contracts';
import { decodeRecord, recordJson, recordText } from './record-text.js';

const timestampMs = Date.parse('2026-04-05T12:01:02.345Z');
const recordOf = (value: Buffer | null) => ({
  topic: 'lead.qualified',
  partition: 1,
  offset: 7n,
  timestampMs,
  key: Buffer.from('lead-1'),
  value,
  headers: {},
});
const eventOf = (
  type: string,
  data: unknown,
  more: Partial<EventEnvelope['metadata']> = {},
): EventEnvelope => ({
  event_id: 'evt-1',
  event_type: type,
  timestamp: '2026-04-05T12:01:00Z',
  data,
  metadata: { source_service: 'crm', correlation_id: 'story-1', ...more },
});
const shown = (event: EventEnvelope): string => recordText(decodeRecord(recordOf(encodeEvent(event).value)));

describe('a record with an event', () => {
  const types = [...catalogue.keys()];

  it.each(types)('%s is told in words, and whatever its data are', (type) => {
    const { example } = catalogue.get(type) as { example: unknown };
    const [place, words] = (shown(eventOf(type, example)).split('\n')[0] ?? '').split(`  ${type}  `);
    expect(place).toMatch(/^\d\d:\d\d:\d\d\.\d{3} {2}1:7$/);
    expect(words).not.toMatch(/undefined|\[object/);
    // What breaks its contract lies on topics too, and is looked at most of all.
    for (const data of [null, 7, 'text', [], {}, [null], emptied(example)])
      expect(shown(eventOf(type, data))).toContain(`1:7  ${type}`);
  });

  /** Every field there, none of its type. */
  const emptied = (example: unknown): object =>
    Object.fromEntries(
      Object.keys(example as object).map((name, at) => [name, [null, 7, {}, [], ''][at % 5]]),
    );

  it('of no contract is shown as it is', () => {
    expect(shown(eventOf('webhook.shop', { order: 'o-1' }))).toContain('  webhook.shop  {"order":"o-1"}\n');
  });

  it('names id and story so that they can be copied, once where they are the same', () => {
    expect(shown(eventOf('x', {})).split('\n')[1]).toBe('    from crm  id evt-1  story story-1');
    expect(shown(eventOf('x', {}, { correlation_id: 'evt-1' })).split('\n')[1]).toBe(
      '    from crm  story evt-1',
    );
  });

  it('cannot write to the terminal what it likes', () => {
    const evil = eventOf(
      'x',
      { text: '\u001b[2J\u202e' },
      { source_service: 'a\r\nb\u0007', correlation_id: '\u001b]0;x' },
    );
    // eslint-disable-next-line no-control-regex
    expect(shown(evil)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]/);
    expect(shown(evil).split('\n')).toHaveLength(2);
  });

  it('is one JSON document', () => {
    const { value } = encodeEvent(eventOf('x', { n: 1 }));
    expect(recordJson(decodeRecord(recordOf(value)))).toMatchObject({
      topic: 'lead.qualified',
      partition: 1,
      offset: 7n,
      timestamp: '2026-04-05T12:01:02.345Z',
      key: 'lead-1',
      event: { event_id: 'evt-1', data: { n: 1 } },
    });
  });
});

describe('a record without an event', () => {
  it.each<[string, Buffer | null, string, string | null]>([
    ['nothing', null, '(no value)', null],
    ['no JSON', Buffer.from('oops\u001b[2J'), 'oops\ufffd[2J', 'b29wcxtbMko='],
    ['something else', Buffer.from('{"a":1}'), '{"a":1}', 'eyJhIjoxfQ=='],
    ['bytes', Buffer.from([0xff, 0xfe]), '\ufffd\ufffd', '//4='],
  ])('says so where it holds %s, and shows what is there', (_what, value, raw, base64) => {
    const decoded = decodeRecord(recordOf(value));
    const [first, second] = recordText(decoded).split('\n');
    expect(first).toMatch(/ 1:7 {2}not an event: \S/);
    expect(second).toBe(`    ${raw}`);
    const json = recordJson({ ...decoded, record: { ...decoded.record, key: null } });
    expect(json).toMatchObject({ key: null, error: { code: 'envelope_malformed' }, value_base64: base64 });
    expect(json).not.toHaveProperty('event');
  });

  it('is cut where it is long', () => {
    const [, raw = ''] = recordText(decodeRecord(recordOf(Buffer.from('x'.repeat(10_000))))).split('\n');
    expect(raw).toHaveLength(4 + 200);
    expect(raw.endsWith('…')).toBe(true);
  });
});
