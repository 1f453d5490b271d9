import type { CommittedRow } from './committed-row.js';
import { Lane, type Place } from './lane.js';

const settle = () => new Promise((resolve) => setImmediate(resolve));
const row = (id: bigint, records = 1): CommittedRow => ({
  id,
  topic: 't',
  partition: 0,
  records: Array.from({ length: records }, () => ({ key: null, value: null, headers: {} })),
});

/** A lane whose sends are answered when the test says so. */
function setUp() {
  const sent: string[] = [];
  const answers: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const lane = new Lane((rows) => {
    sent.push(rows.map(({ id }) => String(id)).join(' '));
    return new Promise<void>((resolve, reject) => answers.push({ resolve, reject }));
  });
  const answer = async (): Promise<void> => {
    answers.shift()?.resolve();
    await settle();
  };
  return { lane, sent, answers, answer };
}

describe('Lane', () => {
  it.each<[string, (lane: Lane, a: Place, b: Place, c: Place) => void, string[]]>([
    [
      'sends in the order of the places, not of the fills',
      (lane, a, b, c) => {
        void lane.fill(c);
        void lane.fill(b);
        void lane.fill(a);
      },
      ['1 2 3'],
    ],
    [
      'sends nothing behind a place that is reserved',
      (lane, _a, b, c) => {
        void lane.fill(b);
        void lane.fill(c);
      },
      [],
    ],
    [
      'sends what stands before a reserved place',
      (lane, a, _b, c) => {
        void lane.fill(a);
        void lane.fill(c);
      },
      ['1'],
    ],
    [
      'closes the gap of a place that is released',
      (lane, a, b, c) => {
        void lane.fill(c);
        lane.release(b);
        lane.release(a);
      },
      ['3'],
    ],
    [
      'sends nothing when all places are released',
      (lane, a, b, c) => {
        for (const place of [a, b, c]) lane.release(place);
      },
      [],
    ],
  ])('%s', async (_what, act, wanted) => {
    const { lane, sent } = setUp();
    const [a, b, c] = [1n, 2n, 3n].map((id) => lane.reserve(row(id))) as [Place, Place, Place];
    act(lane, a, b, c);
    await settle();
    expect(sent).toEqual(wanted);
  });

  it('has one send in flight, and sends together what was filled meanwhile', async () => {
    const { lane, sent, answer } = setUp();
    const places = [1n, 2n, 3n].map((id) => lane.reserve(row(id)));
    const filled = places.map((place) => lane.fill(place));
    await settle();
    expect(sent).toEqual(['1']);
    await answer();
    expect(sent).toEqual(['1', '2 3']);
    await answer();
    await Promise.all(filled);
    expect(lane.isIdle).toBe(true);
  });

  it('puts at most a thousand records into one send, but never splits a row', async () => {
    const { lane, sent, answer } = setUp();
    const blocker = lane.reserve(row(0n));
    for (const [id, records] of [
      [1n, 700],
      [2n, 300],
      [3n, 1],
      [4n, 2_500],
      [5n, 1],
    ] as const)
      void lane.fill(lane.reserve(row(id, records)));
    lane.release(blocker);
    for (let n = 0; n < 4; n += 1) {
      await settle();
      await answer();
    }
    expect(sent).toEqual(['1 2', '3', '4', '5']);
  });

  it('goes on behind a row whose send failed for good', async () => {
    const { lane, sent, answers, answer } = setUp();
    const first = lane.fill(lane.reserve(row(1n)));
    await settle();
    const second = lane.fill(lane.reserve(row(2n)));
    answers.shift()?.reject(new Error('stopped'));
    await expect(first).rejects.toThrow('stopped');
    await settle();
    await answer();
    await second;
    expect(sent).toEqual(['1', '2']);
  });

  it('is idle only when nothing stands in it and nothing is being sent', async () => {
    const { lane, answer } = setUp();
    expect(lane.isIdle).toBe(true);
    const place = lane.reserve(row(1n));
    expect(lane.isIdle).toBe(false);
    const filled = lane.fill(place);
    await settle();
    expect(lane.isIdle).toBe(false);
    await answer();
    await filled;
    expect(lane.isIdle).toBe(true);
    lane.release(lane.reserve(row(2n)));
    expect(lane.isIdle).toBe(true);
  });
});
