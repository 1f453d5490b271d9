import type { Output, StateDefinition } from '@signalbox/agent-kit';
import { checkEvent, type EventEnvelope } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import { describeOutput } from './describe.js';
import { ExpectationError } from './expectation-error.js';
import { unstorablePart } from './storable.js';

/** Any kind of state, where the type of its value does not matter. */
export type AnyState = Pick<StateDefinition, 'kind' | 'schema'>;

/** An output that publishes an event. */
export type Emit = Extract<Output<unknown>, { kind: 'emit' }>;

/** The runtime's limits on outputs (see the builders in agent-kit). */
const timerPayloadBytesMax = 65_536;
const noteCharsMax = 1_000;

/** Throws an ExpectationError when one of the outputs would be refused by the runtime. */
export function checkOutputs(
  outputs: readonly Output<unknown>[],
  envelopeOf: (output: Emit) => EventEnvelope,
  state?: AnyState,
): void {
  for (const output of outputs) {
    const problem = problemOf(output, envelopeOf, state);
    if (problem !== undefined) {
      throw new ExpectationError(`${problem}\nin ${JSON.stringify(describeOutput(output), null, 2)}`);
    }
  }
}

function problemOf(
  output: Output<unknown>,
  envelopeOf: (output: Emit) => EventEnvelope,
  state: AnyState | undefined,
): string | undefined {
  switch (output.kind) {
    case 'emit':
      return contractProblem(output, envelopeOf(output));
    case 'set_state':
      return stateProblem(output.state, state);
    case 'set_timer':
      if (Number.isNaN(output.dueAt.getTime())) return `timer '${output.name}' has no valid due time`;
      if (Buffer.byteLength(JSON.stringify(output.payload) ?? '') > timerPayloadBytesMax) {
        return `the payload of timer '${output.name}' is larger than ${timerPayloadBytesMax} bytes`;
      }
      return storageProblem(`payload of timer '${output.name}'`, output.payload);
    case 'note':
      return output.text.length > noteCharsMax
        ? `a note is longer than ${noteCharsMax} characters`
        : undefined;
    case 'clear_state':
    case 'cancel_timer':
      return undefined;
  }
}

function contractProblem(output: Emit, envelope: EventEnvelope): string | undefined {
  try {
    checkEvent(output.contract, envelope);
    return storageProblem(`data of ${output.contract.type}`, output.data);
  } catch (error) {
    if (!(error instanceof SignalboxError)) throw error;
    const pointers = error.pointers.map(({ pointer, message }) => `  ${pointer}: ${message}`);
    return [`an emitted ${output.contract.type} breaks its contract: ${error.message}`, ...pointers].join(
      '\n',
    );
  }
}

function stateProblem(value: unknown, state: AnyState | undefined): string | undefined {
  const parsed = state?.schema.safeParse(value);
  if (parsed?.success === false) {
    const lines = parsed.error.issues.map(
      (issue) => `  /${issue.path.map(String).join('/')}: ${issue.message}`,
    );
    return [`the state '${state?.kind}' breaks its schema:`, ...lines].join('\n');
  }
  return storageProblem('state', value);
}

function storageProblem(what: string, value: unknown): string | undefined {
  const part = unstorablePart(value);
  return part === undefined ? undefined : `the ${what} cannot be stored as JSON: ${part}`;
}
