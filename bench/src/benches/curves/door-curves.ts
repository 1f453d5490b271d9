import { benchEntry } from '../../harness/paths.js';
import { reported, type Line, type Measured, type SideResult } from '../../harness/result.js';
import { interleave, type Side } from '../../harness/rounds.js';
import { SideProcess } from '../../harness/side-process.js';
import type { BenchStack } from '../../harness/stack.js';
import { createSender, startGateway, startRival, type Door } from '../gateway.js';

const sizes = (quick: boolean) =>
  quick
    ? { most: 3_000, seconds: 0.7, doorRounds: 1, shares: [0.25, 0.75, 1.2] }
    : { most: 20_000, seconds: 5, doorRounds: 3, shares: [0.1, 0.25, 0.5, 0.75, 0.9, 1.1, 1.3] };

interface Point {
  readonly offered: number;
  readonly sides: readonly SideResult[];
}

/** Gateway and ceiling under a load that arrives at its own pace, from a tenth of what the gateway takes to more than that. */
export async function doorCurves(stack: BenchStack, quick: boolean): Promise<Measured> {
  // Shares: offered load as a part of the most our gateway takes.
  const { most, seconds, doorRounds, shares } = sizes(quick);
  const load = SideProcess.start('load', benchEntry('load/http-load'), {});
  let doors: readonly Door[] = [];
  try {
    const title = 'node:http, batched produce of both records';
    doors = await Promise.all([
      startGateway(stack, 'curve-ours', most),
      startRival(stack, 'gateway-bare', title, 'ceiling', most),
    ]);
    const sender = createSender(load);
    const full = doors.map((door): Side => ({ ...door, run: () => sender(door) }));
    const [ours] = (await interleave(full, { rounds: doorRounds })) as [SideResult];
    const points: Point[] = [];
    for (const share of shares) {
      const offered = Math.round(ours.perSecond * share);
      const count = Math.max(200, Math.round(offered * seconds));
      const sides = doors.map((door): Side => ({
        ...door,
        name: `${door.name} at ${offered}/s`,
        run: () => sender({ ...door, count }, offered),
      }));
      points.push({ offered, sides: await interleave(sides, { rounds: doorRounds, warmUp: false }) });
    }
    return measured(ours, doors, points, { doorRounds, doorSeconds: seconds });
  } finally {
    await Promise.all([load, ...doors.map(({ process }) => process)].map((one) => one.stop()));
    await Promise.all(doors.map(({ world }) => world.close()));
  }
}

function measured(
  ours: SideResult,
  doors: readonly Door[],
  points: readonly Point[],
  size: Measured['size'],
): Measured {
  const lines = (figure: (side: SideResult) => number, suffix = ''): Line[] =>
    doors.map(({ name, role }, at) => ({
      name: `${name}${suffix}`,
      role,
      points: points.map(({ offered, sides }) => [offered, figure(sides[at] as SideResult)] as const),
    }));
  const more = (name: string) => (side: SideResult) => side.more[name] ?? NaN;
  return {
    size,
    sides: [ours],
    ratios: [reported('most webhooks a second', ours.perSecond)],
    plots: [
      {
        name: 'Webhooks accepted against webhooks offered',
        x: 'offered a second',
        y: 'accepted a second',
        lines: lines(({ perSecond }) => perSecond),
      },
      {
        name: 'Time to the answer against webhooks offered',
        x: 'offered a second',
        y: 'milliseconds',
        logarithmic: true,
        lines: [...lines(more('p50Ms'), ', p50'), ...lines(more('p99Ms'), ', p99')],
      },
    ],
  };
}
