import type { Output } from '@signalbox/agent-kit';
import { describeOutput } from './describe.js';
import { ExpectationError } from './expectation-error.js';
import { difference } from './match.js';

/** Runs a handler twice on inputs made anew: what it decides must depend on nothing but its input. */
export function decideTwice<S>(run: () => readonly Output<S>[]): readonly Output<S>[] {
  const outputs = run();
  const change = difference(outputs.map(describeOutput), run().map(describeOutput));
  if (change !== '')
    throw new ExpectationError(`The same input gave two decisions (- first, + second):\n${change}`);
  return outputs;
}
