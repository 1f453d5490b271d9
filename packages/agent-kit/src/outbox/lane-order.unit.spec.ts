import fc from 'fast-check';
import type { CommittedRow } from './committed-row.js';
import { Lane, type Place } from './lane.js';

const settle = () => new Promise((resolve) => setImmediate(resolve));
const row = (id: number): CommittedRow => ({
  id: BigInt(id),
  topic: 't',
  partition: 0,
  records: [{ key: null, value: Buffer.from(String(id)), headers: {} }],
});

type Step = 'reserve' | 'fill' | 'release' | 'answer' | 'lose';

describe('the order of a lane', () => {
  it('is that of the places, whatever is filled, released, answered or lost when', async () => {
    const step = fc.tuple(
      fc.constantFrom<Step>('reserve', 'reserve', 'fill', 'fill', 'release', 'answer', 'lose'),
      fc.nat(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const sent: number[] = [];
        const lost = new Set<number>();
        const answers: ((isLost: boolean) => void)[] = [];
        let inFlight = 0;
        let inFlightMax = 0;
        const lane = new Lane(async (rows) => {
          inFlight += 1;
          inFlightMax = Math.max(inFlightMax, inFlight);
          const isLost = await new Promise<boolean>((resolve) => answers.push(resolve));
          inFlight -= 1;
          for (const { id } of rows) (isLost ? lost : new Set()).add(Number(id));
          if (isLost) throw new Error('stopped');
          sent.push(...rows.map(({ id }) => Number(id)));
        });
        const open: Place[] = [];
        const filled = new Set<number>();
        const take = (at: number): Place | undefined => open.splice(at % Math.max(open.length, 1), 1)[0];
        const act = (what: Step, at: number, n: number): void => {
          if (what === 'reserve') return void open.push(lane.reserve(row(n)));
          if (what === 'answer' || what === 'lose') return answers.shift()?.(what === 'lose');
          const place = take(at);
          if (!place) return;
          if (what === 'release') return lane.release(place);
          filled.add(Number(place.row.id));
          lane.fill(place).catch(() => undefined);
        };
        for (const [n, [what, at]] of steps.entries()) {
          act(what, at, n);
          await settle();
        }
        for (const place of open) lane.release(place);
        while (!lane.isIdle) {
          answers.shift()?.(false);
          await settle();
        }
        expect(sent).toEqual([...sent].sort((a, b) => a - b));
        expect([...sent, ...lost].sort((a, b) => a - b)).toEqual([...filled].sort((a, b) => a - b));
        expect(inFlightMax).toBeLessThanOrEqual(1);
      }),
      { numRuns: 60 },
    );
  });
});
