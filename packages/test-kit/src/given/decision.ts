import type { Output } from '@signalbox/agent-kit';
import { errorCodeOf, type ErrorCode } from '@signalbox/errors';
import { describeOutput } from './describe.js';
import { ExpectationError } from './expectation-error.js';
import { difference } from './match.js';

/** What a handler decided; each method throws an ExpectationError when the decision is another one. */
export class Decision<S> {
  /** `decide` returns the checked outputs, or throws what the handler threw. */
  constructor(private readonly decide: () => readonly Output<S>[]) {}

  /** The outputs, for assertions this class has no words for. */
  get outputs(): readonly Output<S>[] {
    return this.decide();
  }

  /** The data of the emitted events of one type, in order. */
  emitted<D>(contract: { readonly type: string; readonly example: D }): readonly D[] {
    return this.outputs.flatMap((output) =>
      output.kind === 'emit' && output.contract.type === contract.type ? [output.data as D] : [],
    );
  }

  /**
   * Exactly these outputs in this order. Notes are compared only when the expectation has one, so that a rule's
   * wording can be improved without touching its tests.
   */
  then(...expected: readonly Output<S>[]): void {
    if (expected.some((output) => typeof output !== 'object')) {
      throw new ExpectationError(
        'A decision is no promise: do not await or return it, call .then(...outputs).',
      );
    }
    const withNotes = expected.some(({ kind }) => kind === 'note');
    const actual = this.outputs.filter(({ kind }) => withNotes || kind !== 'note');
    const change = difference(expected.map(describeOutput), actual.map(describeOutput));
    if (change !== '') throw new ExpectationError(`Another decision (- expected, + decided):\n${change}`);
  }

  /** Among the outputs are these, in any order. */
  thenIncludes(...expected: readonly Output<S>[]): void {
    const actual = this.outputs.map(describeOutput);
    for (const output of expected.map(describeOutput)) {
      if (actual.some((candidate) => difference(output, candidate) === '')) continue;
      const [kind] = Object.keys(output);
      const alike = actual.find((candidate) => kind !== undefined && candidate[kind] === output[kind]);
      throw new ExpectationError(
        `An output is missing (- expected, + ${alike ? 'the most alike' : 'decided'}):\n${difference(output, alike ?? actual)}`,
      );
    }
  }

  /** Nothing but notes. */
  thenNothing(): void {
    this.then();
  }

  /** The handler throws an error with this code; `handler_failed` stands for every error that is not ours. */
  thenThrows(code: ErrorCode): void {
    let outputs: readonly Output<S>[];
    try {
      outputs = this.decide();
    } catch (error) {
      if (error instanceof ExpectationError) throw error;
      if (errorCodeOf(error) === code) return;
      throw new ExpectationError(`Expected an error ${code}, got ${errorCodeOf(error)}: ${String(error)}`, {
        cause: error,
      });
    }
    throw new ExpectationError(
      `Expected an error ${code}, but the handler decided:\n${JSON.stringify(outputs.map(describeOutput), null, 2)}`,
    );
  }
}
