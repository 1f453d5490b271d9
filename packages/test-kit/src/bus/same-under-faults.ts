import { everyCommitTwice } from '../faults/every-commit-twice.js';
import type { CallFault } from '../faults/call-fault.js';
import { countCalls, oneFault } from '../faults/one-fault.js';
import { ExpectationError } from '../given/expectation-error.js';
import { aroundChanges } from '../given/diff.js';
import { difference } from '../given/match.js';
import { SeededRandom } from '../memory/seeded-random.js';
import type { BusEffects } from './effects.js';
import { TestBus, type TestBusOptions } from './test-bus.js';

/** What a story is told with; see `TestBusOptions`. */
export type FaultRun = Omit<TestBusOptions, 'isRepeated' | 'faults' | 'processes'>;

type Tell = (bus: TestBus) => Promise<void>;

interface Mode {
  readonly name: string;
  readonly options: Partial<TestBusOptions>;
}

/** Calls after which more is committed, leased or published than before. */
const COMMIT_POINTS = /^(tx\.(fence|write|commit)|producer\.send|store\.(claimDue|startActs?|deleteOutbox))$/;

const callFaults: readonly CallFault[] = ['lost_request', 'lost_answer', 'crash_before', 'crash_after'];

/**
 * Tells a story again and again, and throws an ExpectationError when it does not end in the same effects: with every
 * record written twice and every COMMIT made twice, so that each handler runs twice at least; with other chunks, shares
 * and numbers of partitions and processes; and with a call of each kind to broker and database that is lost, answered
 * in vain, or kills its process before or after it was made. What `tell` expects of the bus is checked in every run.
 */
export async function sameUnderFaults(run: FaultRun, tell: Tell): Promise<void> {
  const counts = new Map<string, number>();
  const wanted = await effectsIn(run, { name: 'calm', options: { faults: countCalls(counts) } }, tell);
  for (const mode of [redelivery(), ...orders(run), ...faultsAt(counts, run.seed)]) {
    const change = difference(wanted, await effectsIn(run, mode, tell));
    if (change !== '')
      throw new ExpectationError(
        `Other effects with ${mode.name} (- calm, + then):\n${aroundChanges(change)}`,
      );
  }
}

async function effectsIn(run: FaultRun, { name, options }: Mode, tell: Tell): Promise<BusEffects> {
  const bus = await TestBus.open({ ...run, ...options });
  try {
    await tell(bus);
  } catch (error) {
    throw error instanceof Error ? toldIn(name, error) : error;
  }
  return bus.effects();
}

/** Runners of tests show the stack, which holds the message as it was when the error was made. */
function toldIn(name: string, error: Error): Error {
  const message = `with ${name}: ${error.message}`;
  if (error.stack !== undefined) error.stack = error.stack.replace(error.message, () => message);
  error.message = message;
  return error;
}

const redelivery = (): Mode => ({
  name: 'everything delivered and committed twice',
  options: { isRepeated: true, faults: everyCommitTwice() },
});

const orders = ({ seed = 1 }: FaultRun): Mode[] =>
  [
    { partitions: 1, processes: 1 },
    { partitions: 3, processes: 2 },
    { partitions: 7, processes: 3 },
  ].map((options, n) => ({
    name: `${options.partitions} partitions and ${options.processes} processes`,
    options: { ...options, seed: seed + 1 + n },
  }));

/** Each kind of call once in each way, at a call drawn from the seed. */
function faultsAt(counts: ReadonlyMap<string, number>, seed = 1): Mode[] {
  const random = new SeededRandom(seed);
  const points = [...counts].filter(([point]) => COMMIT_POINTS.test(point));
  return points.flatMap(([point, count]) =>
    callFaults.map((fault) => {
      const nth = 1 + random.below(count);
      return {
        name: `${fault} at call ${nth} of ${point}`,
        options: { faults: oneFault(point, nth, fault) },
      };
    }),
  );
}
