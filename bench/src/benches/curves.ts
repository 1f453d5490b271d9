import type { Measured } from '../harness/result.js';
import type { BenchStack } from '../harness/stack.js';
import { agentScaling } from './curves/agent-scaling.js';
import { doorCurves } from './curves/door-curves.js';

/** How figures move: the gateway's rate and latency with the load offered, an agent's rate with partitions and processes. */
export async function curvesBench(openStack: () => Promise<BenchStack>, quick: boolean): Promise<Measured> {
  const stack = await openStack();
  const doors = await doorCurves(stack, quick);
  const agents = await agentScaling(stack, quick);
  return {
    size: { quick, ...doors.size, ...agents.size },
    sides: [...doors.sides, ...agents.sides],
    ratios: [...doors.ratios, ...agents.ratios],
    plots: [...(doors.plots ?? []), ...(agents.plots ?? [])],
  };
}
