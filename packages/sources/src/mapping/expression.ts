import { SignalboxError } from '@signalbox/errors';
import jsonata from 'jsonata';
import { callDepthMax, evaluateMsMax, expressionCharsMax, listEntriesMax, stepsMax } from './bounds.js';
import { LinearRegex } from './linear-regex.js';
import { problemInTree } from './tree.js';

/** A compiled JSONata expression. */
export interface Expression {
  /** The value as plain JSON; undefined when it gives nothing. Rejects with `mapping_failed`, or `overloaded`. */
  evaluate(input: unknown, bindings: Readonly<Record<string, unknown>>): Promise<unknown>;
}

const entryHook = Symbol.for('jsonata.__evaluate_entry');
const tookTooLong = 'D1012';

/** Compiles an expression. Throws `config_invalid`; `where` names the field in the message. */
export function compileExpression(text: string, where: string): Expression {
  const refuse = (why: string): SignalboxError =>
    new SignalboxError('config_invalid', `${where}: ${why}.`, {
      pointers: [{ pointer: where, message: why }],
    });
  if (text.length > expressionCharsMax) throw refuse(`has more than ${expressionCharsMax} characters`);
  const compiled = parse(text, refuse);
  const problem = problemInTree(compiled.ast());
  if (problem !== undefined) throw refuse(problem);
  countSteps(compiled);
  return {
    evaluate: async (input, bindings) => {
      try {
        return plain(await compiled.evaluate(input, { ...bindings }));
      } catch (error) {
        throw failure(error, where);
      }
    },
  };
}

function parse(text: string, refuse: (why: string) => SignalboxError): jsonata.Expression {
  try {
    return jsonata(text, {
      RegexEngine: LinearRegex as unknown as RegExpConstructor,
      stack: callDepthMax,
      sequence: listEntriesMax,
      timeout: evaluateMsMax,
    });
  } catch (error) {
    const { message, position, code } = error as { message?: string; position?: number; code?: string };
    const at = position === undefined ? '' : ` at character ${position}`;
    throw refuse(`is not JSONata${at}: ${message ?? code ?? 'it cannot be read'}`);
  }
}

/** The language counts depth and time only; steps are counted at its hook, once for each evaluation. */
function countSteps(compiled: jsonata.Expression): void {
  const steps = new WeakMap<object, number>();
  const hook = (_node: unknown, _input: unknown, environment: { readonly base: object }): void => {
    const taken = (steps.get(environment.base) ?? 0) + 1;
    if (taken > stepsMax) throw new TooManySteps();
    steps.set(environment.base, taken);
  };
  compiled.assign(entryHook as unknown as string, hook);
}

class TooManySteps extends Error {
  override readonly message = `it takes more than ${stepsMax} steps`;
}

function failure(error: unknown, where: string): SignalboxError {
  const { code, message } = error as { code?: string; message?: string };
  if (code === tookTooLong) {
    return new SignalboxError('overloaded', `${where} took longer than ${evaluateMsMax} ms.`);
  }
  // The language's messages may quote the payload; the code alone says enough for a sender.
  const why = error instanceof TooManySteps ? message : code;
  return new SignalboxError('mapping_failed', `${where} fails for this payload (${why ?? 'unknown'}).`, {
    pointers: [{ pointer: where, message: 'fails for this payload' }],
    cause: error,
  });
}

/** Lists of the language carry marks of their own, and functions are values in it: neither may get into an event. */
function plain(value: unknown): unknown {
  if (value === undefined || typeof value === 'function') return undefined;
  const text: string | undefined = JSON.stringify(value, withoutFunctions);
  return text === undefined ? undefined : (JSON.parse(text) as unknown);
}

function withoutFunctions(_name: string, value: unknown): unknown {
  return typeof value === 'object' && value !== null && '_jsonata_lambda' in value ? undefined : value;
}
