import type { CallFaults } from '../bus/bus-process.js';

/**
 * The first COMMIT of every unit of work is lost, so that its handlers run again; of the second only the answer is lost,
 * so that the process must find out. A unit is a chunk of a partition, or a claim of pending rows.
 */
export function everyCommitTwice(): CallFaults {
  const units = new WeakMap<object, string>();
  const commits = new Map<string, number>();
  return ({ agent, point, target, args }) => {
    if (point === 'tx.fence' || point === 'tx.takePending') units.set(target, `${agent} ${unitOf(args[0])}`);
    const unit = point === 'tx.commit' ? units.get(target) : undefined;
    if (unit === undefined) return undefined;
    const count = (commits.get(unit) ?? 0) + 1;
    commits.set(unit, count);
    return count === 1 ? 'lost_request' : count === 2 ? 'lost_answer' : undefined;
  };
}

/** A chunk is known by where it begins, whoever has claimed its partition; claimed rows by their leases. */
const unitOf = (request: unknown): string =>
  JSON.stringify(request, (name, value: unknown) =>
    name === 'epoch' ? undefined : typeof value === 'bigint' ? String(value) : value,
  );
