import type { InboxRow, KeyRow, RawRecord } from '@signalbox/agent-kit';
import { Blob } from './blob.js';
import { pendingChannel } from './channel.js';
import { HeadersToText, headersFromText, headersToText } from './headers.js';
import { LockedKeys } from './locked-keys.js';
import { leasesParameter, recordColumns, verdictsOf } from './parameters.js';

describe('byte strings of one statement', () => {
  /** What `substring(blob FROM from FOR length)` gives, or null. */
  const cutOut = (blob: Blob, [from, length]: readonly [number, number]): Buffer | null =>
    length < 0 ? null : blob.bytes().subarray(from - 1, from - 1 + length);

  it('are found again, empty ones and absent ones apart', () => {
    const blob = new Blob();
    const parts = [Buffer.from('a'), null, Buffer.alloc(0), Buffer.from([0, 255, 0]), null, Buffer.alloc(0)];
    const places = parts.map((part) => blob.add(part));
    expect(places.map((place) => cutOut(blob, place))).toEqual(parts);
    expect(blob.bytes()).toHaveLength(4);
  });

  it('are none, or the one there is without a copy', () => {
    expect(new Blob().bytes()).toHaveLength(0);
    const [blob, only] = [new Blob(), Buffer.from('only')];
    blob.add(only);
    expect(blob.bytes()).toBe(only);
  });

  it('hold key and value of a record, whose place is plain data', () => {
    const record: RawRecord = {
      topic: 'orders',
      partition: 3,
      offset: 9_007_199_254_740_993n,
      timestampMs: 1_700_000_000_001,
      key: null,
      value: Buffer.from('v'),
      headers: { h: Buffer.from([255]) },
    };
    const blob = new Blob();
    blob.add(Buffer.from('before'));
    const columns = recordColumns(record, blob);
    expect(columns).toMatchObject({
      topic: 'orders',
      partition: 3,
      offset: '9007199254740993',
      timestamp_ms: 1_700_000_000_001,
      key_length: -1,
    });
    expect(cutOut(blob, [columns['value_at'] as number, columns['value_length'] as number])).toEqual(
      record.value,
    );
  });
});

describe('headers as text', () => {
  it.each<[string, RawRecord['headers']]>([
    ['none', {}],
    ['any bytes', { h: Buffer.from([0, 1, 128, 255]), empty: Buffer.alloc(0) }],
    ['any names', { 'ce_id"\\': Buffer.from('x'), 'ü €': Buffer.from('y'), '': Buffer.from('z') }],
    [
      'names of objects',
      Object.fromEntries([
        ['__proto__', Buffer.from('x')],
        ['constructor', Buffer.from('y')],
      ]),
    ],
  ])('come back as they were: %s', (_what, headers) => {
    const back = headersFromText(headersToText(headers));
    expect(Object.entries(back)).toEqual(Object.entries(headers));
    expect(Object.values(back).every((value) => Buffer.isBuffer(value))).toBe(true);
  });
});

describe('headers of records written together', () => {
  it('are each record’s own, whatever values, names and places they share with the record before', () => {
    const [shared, other] = [Buffer.from('shared'), Buffer.from('other')];
    const records: RawRecord['headers'][] = [
      { a: shared, b: shared, c: other },
      { a: shared, b: other },
      { renamed: shared, c: other, b: Buffer.from('shared') },
      {},
      { a: shared, c: other },
    ];
    const together = new HeadersToText();
    const texts = records.map((headers) => together.write(headers));
    expect(texts.map(headersFromText)).toEqual(records);
    expect(texts).toEqual(records.map(headersToText));
  });
});

describe('verdicts of the inbox', () => {
  const uuid = (byte: number): Buffer => Buffer.alloc(16, byte);
  const text = (bytes: Buffer): string =>
    bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  const row = (identity: number, fingerprint: number): InboxRow => ({
    identity: uuid(identity),
    fingerprint: uuid(fingerprint),
    outcome: 'taken',
  });

  it('stand in the order of the rows, whatever the order of the answer', () => {
    const rows = [row(3, 1), row(1, 1), row(2, 1), row(4, 1)];
    const known = [
      { identity: text(uuid(4)), fingerprint: text(uuid(9)) },
      { identity: text(uuid(1)), fingerprint: text(uuid(1)) },
    ];
    expect(
      verdictsOf(
        rows,
        [2, 3].map((byte) => text(uuid(byte))),
        known,
      ),
    ).toEqual(['taken', 'duplicate', 'taken', 'conflict']);
  });

  it('are no duplicates of what nobody knows: a row that was cleaned away meanwhile is not handled twice unseen', () => {
    expect(verdictsOf([row(1, 1)], [], [])).toEqual(['conflict']);
  });

  it('name leases as the statement wants them', () => {
    expect(JSON.parse(leasesParameter([{ id: 9_007_199_254_740_993n, token: 't' }]))).toEqual([
      { id: '9007199254740993', token: 't' },
    ]);
  });
});

describe('what a transaction knows of the keys it locked', () => {
  const key = (value: string, kind = 'order') => ({ kind, value });
  const found = (value: string, blocked = false): KeyRow => ({
    ...key(value),
    state: '{}',
    stateVersion: 1,
    blocked,
    lastChunk: 7n,
    lastOwner: 'a',
  });

  it('gives rows in the order asked for, without those that are missing', () => {
    const locked = new LockedKeys();
    expect(locked.add([key('b'), key('gone'), key('a')], [found('a'), found('b')])).toEqual([
      found('b'),
      found('a'),
    ]);
    expect([locked.missingCount, locked.isMissing(key('gone'))]).toEqual([0, false]);
  });

  it('gives empty rows for those to be made later, and remembers which these are', () => {
    const locked = new LockedKeys();
    const rows = locked.addOrMiss([key('new'), key('a')], [found('a')]);
    expect(rows).toEqual([
      { ...key('new'), state: null, stateVersion: 0, blocked: false, lastChunk: 0n, lastOwner: null },
      found('a'),
    ]);
    expect([locked.missingCount, locked.isMissing(key('new')), locked.isMissing(key('a'))]).toEqual([
      1,
      true,
      false,
    ]);
  });

  it('tells kinds apart, and does not take one answer for another’s', () => {
    const locked = new LockedKeys();
    const [mine, other] = [key('x'), key('x', 'parcel')];
    locked.addOrMiss([mine, other], [found('x')]);
    expect([mine, other, mine, other].map((one) => locked.isMissing(one))).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });

  it('forgets its last answer when it learns of more keys', () => {
    const locked = new LockedKeys();
    const late = key('late');
    locked.addOrMiss([key('new')], []);
    expect(locked.isMissing(late)).toBe(false);
    locked.addOrMiss([late], []);
    expect(locked.isMissing(late)).toBe(true);
  });

  it.each<[string, (locked: LockedKeys) => unknown, boolean]>([
    ['nothing was locked: nobody knows', () => undefined, true],
    ['one was blocked', (locked) => locked.add([key('a')], [found('a', true)]), true],
    [
      'one of several locks was',
      (locked) => {
        locked.add([key('a')], [found('a', true)]);
        locked.addOrMiss([key('b')], [found('b')]);
      },
      true,
    ],
    ['none was', (locked) => locked.add([key('a')], [found('a')]), false],
    ['all were missing', (locked) => locked.addOrMiss([key('a')], []), false],
  ])('may have queues when %s', (_what, lock, mayHaveQueues) => {
    const locked = new LockedKeys();
    lock(locked);
    expect(locked.mayHaveQueues).toBe(mayHaveQueues);
  });
});

describe('a channel', () => {
  it.each([
    ['ops', 'sb_pending_ops'],
    ['x'.repeat(63), `sb_pending_${'x'.repeat(52)}`],
  ])('of schema %s is no longer than PostgreSQL takes', (schema, channel) => {
    expect(pendingChannel(schema)).toBe(channel);
    expect(channel.length).toBeLessThanOrEqual(63);
  });
});
