import type { CallFaults } from '../bus/bus-process.js';
import type { CallFault } from './call-fault.js';

/** Calls that cannot fail by their nature, or whose failure means nothing. */
const STURDY = /^(tx\.rollback|store\.onPending)$/;

/** Counts the calls of a run by point. */
export function countCalls(counts: Map<string, number>): CallFaults {
  return ({ point }) => {
    if (!STURDY.test(point)) counts.set(point, (counts.get(point) ?? 0) + 1);
    return undefined;
  };
}

/** The `nth` call (from 1) of a point fails in the way given, all others are made. */
export function oneFault(point: string, nth: number, fault: CallFault): CallFaults {
  let calls = 0;
  return (call) => {
    if (call.point !== point) return undefined;
    calls += 1;
    return calls === nth ? fault : undefined;
  };
}
