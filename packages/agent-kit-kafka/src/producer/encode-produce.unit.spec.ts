import createRequest from 'kafkajs/src/protocol/requests/produce/v3/request';
import { encodeProduce, type ProduceParts } from './encode-produce.js';

const nowMs = 1_790_000_000_123;

const ours = (parts: ProduceParts): string | undefined => encodeProduce(parts, nowMs)?.buffer.toString('hex');

async function theirs(parts: ProduceParts): Promise<string> {
  const clock = jest.spyOn(Date, 'now').mockReturnValue(nowMs);
  const { buffer } = await createRequest(parts).encode();
  clock.mockRestore();
  return buffer.toString('hex');
}

const message = (n: number, more: object = {}) => ({
  partition: 0,
  key: Buffer.from(`key-${n}`),
  value: Buffer.from('x'.repeat(n)),
  headers: { ce_id: `id-${n}`, größe: '✓', raw: Buffer.from([0, 255]) },
  ...more,
});

const request = (topicData: ProduceParts['topicData'], more: Partial<ProduceParts> = {}): ProduceParts => ({
  acks: -1,
  timeout: 8_000,
  // As kafkajs's producer says that there is neither.
  ...{ transactionalId: undefined as unknown as null, producerId: -1 },
  compression: 0,
  topicData,
  ...more,
});

const oneOf = (...messages: ReturnType<typeof message>[]) => [
  { topic: 'user.signed_up', partitions: [{ partition: 3, messages }] },
];

describe('a produce request', () => {
  const requests: [string, ProduceParts][] = [
    ['one record', request(oneOf(message(1)))],
    ['records of a few bytes and of many', request(oneOf(message(0), message(63), message(20_000)))],
    ['more records than fit a byte', request(oneOf(...Array.from({ length: 300 }, (_, n) => message(n))))],
    ['a tombstone without headers', request(oneOf(message(1, { value: null, headers: undefined })))],
    [
      'times of their own, in any order',
      request(
        oneOf(
          ...[5_000, 1_000, 9_999].map((ms) => message(2, { timestamp: String(nowMs - 86_400_000 + ms) })),
        ),
      ),
    ],
    [
      'several partitions of several topics',
      request([
        {
          topic: 'lead.qualified',
          partitions: [0, 7].map((partition) => ({ partition, messages: [message(9)] })),
        },
        { topic: 'größe', partitions: [{ partition: 2_147_483_647, messages: [message(3), message(4)] }] },
      ]),
    ],
    [
      'one acknowledgement and another time limit',
      request(oneOf(message(1)), { acks: 1, timeout: 2 ** 31 - 1 }),
    ],
  ];
  it.each(requests)('of %s is byte for byte what kafkajs writes', async (_what, parts) => {
    expect(ours(parts)).toBe(await theirs(parts));
  });

  it('names the latest time also when only some records have one', () => {
    const parts = request(oneOf(message(1), message(1, { timestamp: String(nowMs - 5) })));
    const first = Buffer.alloc(8);
    first.writeBigInt64BE(BigInt(nowMs - 5));
    const last = Buffer.alloc(8);
    last.writeBigInt64BE(BigInt(nowMs));
    expect(ours(parts)).toContain(first.toString('hex') + last.toString('hex'));
  });

  it.each([
    ['compression', request(oneOf(message(1)), { compression: 1 })],
    ['a transaction', request(oneOf(message(1)), { transactionalId: 'tx' })],
    ['an idempotent producer', request(oneOf(message(1)), { producerId: 7 })],
    ['a list of header values', request(oneOf(message(1, { headers: { a: ['x', 'y'] } })))],
    [
      'times too far apart',
      request(oneOf(message(1, { timestamp: '0' }), message(1, { timestamp: String(nowMs) }))),
    ],
    ['a time that is none', request(oneOf(message(1, { timestamp: 'yesterday' })))],
  ])('with %s is left to kafkajs', (_what, parts) => {
    expect(encodeProduce(parts)).toBeUndefined();
  });
});
