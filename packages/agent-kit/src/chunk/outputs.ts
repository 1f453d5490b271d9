import {
  catalogue,
  checkEvent,
  encodeEvent,
  eventBytesMax,
  internalTopic,
  keyOf,
  type EventEnvelope,
} from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import { outputId, type OutputOrigin } from '../ids.js';
import type { EmitOutput, Output, SetTimerOutput } from '../outputs.js';
import type { FiringChain, TimerCause, TimerWrite } from '../ports/store.js';
import type { AgentDefinition } from '../handlers.js';
import type { StateDefinition, StateKey } from '../state.js';
import type { OutgoingEvent } from './effects.js';
import type { KeyCell } from './key-cells.js';

/** Room for headers and the broker's own framing, in bytes. */
const FRAME_BYTES = 65_536;
const OUTPUTS_MAX = 1_000;
const TIMER_PAYLOAD_BYTES_MAX = 65_536;
const REARM_MS_MIN = 1_000;
const FIRINGS_PER_HOUR_MAX = 100;
const NOTE_CHARS_MAX = 1_000;
const TIMER_NAME = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/;

/** The story an output belongs to and what its id comes from. */
export interface Cause extends OutputOrigin {
  readonly source: string;
  readonly eventId: string;
  readonly correlationId: string;
  readonly hops: number;
  readonly now: Date;
  /** Present when a timer's firing is the cause. */
  readonly firing?: Firing;
}

/** The timer that fired. */
export interface Firing {
  readonly name: string;
  /** What timers that this firing sets are told. */
  readonly next: FiringChain;
}

/** What one handler's outputs amount to, checked. */
export interface Applied {
  readonly events: OutgoingEvent[];
  readonly timers: TimerWrite[];
  readonly emitted: { event_id: string; event_type: string }[];
  note?: string;
}

interface Target {
  readonly key: StateKey;
  readonly cell: KeyCell;
  readonly state: StateDefinition | undefined;
}

/**
 * Checks outputs and applies them: state to the cell, the rest to the result. Throws `output_invalid` (or
 * `event_too_large`) on the first bad one; the caller then puts the cell back.
 */
export function applyOutputs(
  outputs: readonly Output<unknown>[],
  cause: Cause,
  target: Target,
  agent: AgentDefinition,
): Applied {
  if (!Array.isArray(outputs))
    throw new SignalboxError('output_invalid', 'a handler must return a list of outputs');
  if (outputs.length > OUTPUTS_MAX)
    throw new SignalboxError('output_invalid', `more than ${OUTPUTS_MAX} outputs`);
  const applied: Applied = { events: [], timers: [], emitted: [] };
  const ordinals = new Map<string, number>();
  for (const output of outputs) applyOne(output, cause, target, agent, applied, ordinals);
  if (applied.events.length > 0) target.cell.emitted = true;
  return applied;
}

function applyOne(
  output: Output<unknown>,
  cause: Cause,
  target: Target,
  agent: AgentDefinition,
  applied: Applied,
  ordinals: Map<string, number>,
): void {
  switch (output.kind) {
    case 'emit':
      return applyEmit(output, cause, agent, applied, ordinals);
    case 'set_state':
      return target.cell.set(target.state, output.state);
    case 'clear_state':
      return target.cell.clear();
    case 'set_timer':
      applied.timers.push(checkedTimer(output, cause, target.key, applied));
      return;
    case 'cancel_timer':
      applied.timers.push({ action: 'cancel', key: target.key, name: output.name });
      return;
    case 'note':
      applied.note = output.text.slice(0, NOTE_CHARS_MAX);
      return;
    default:
      throw new SignalboxError('output_invalid', `unknown output ${JSON.stringify(output)}`);
  }
}

function applyEmit(
  { contract, data, label }: EmitOutput,
  cause: Cause,
  agent: AgentDefinition,
  applied: Applied,
  ordinals: Map<string, number>,
): void {
  const isInternal =
    contract.topic === internalTopic(agent.name) && (agent.internal ?? []).includes(contract);
  if (!isInternal && catalogue.get(contract.type) !== contract) {
    throw new SignalboxError('output_invalid', `'${contract.type}' is not in the catalogue`);
  }
  const key = keyOf(contract, data);
  const tag = label ?? key;
  const slot = `${contract.type}\n${tag}`;
  const ordinal = ordinals.get(slot) ?? 0;
  ordinals.set(slot, ordinal + 1);
  const event: EventEnvelope = {
    event_id: outputId(cause, contract.type, tag, ordinal),
    event_type: contract.type,
    timestamp: cause.now.toISOString(),
    data,
    metadata: {
      source_service: agent.name,
      correlation_id: cause.correlationId,
      causation_id: cause.eventId,
      hops: cause.hops + 1,
      schema_version: contract.version,
    },
  };
  checkOutgoing(contract, event);
  const { value, headers } = encodeEvent(event, { key });
  if (value.length > eventBytesMax - FRAME_BYTES) {
    throw new SignalboxError(
      'event_too_large',
      `'${contract.type}' has ${value.length} bytes, more than a topic takes`,
    );
  }
  applied.events.push({ topic: contract.topic, record: { key: Buffer.from(key), value, headers } });
  applied.emitted.push({ event_id: event.event_id, event_type: event.event_type });
}

function checkOutgoing(contract: EmitOutput['contract'], event: EventEnvelope): void {
  try {
    checkEvent(contract, event);
  } catch (error) {
    const { message, pointers } = error as SignalboxError;
    throw new SignalboxError('output_invalid', `emitted '${contract.type}' breaks its contract: ${message}`, {
      cause: error,
      pointers: pointers ?? [],
    });
  }
}

function checkedTimer(
  { name, dueAt, payload }: SetTimerOutput,
  cause: Cause,
  key: StateKey,
  applied: Applied,
): TimerWrite {
  if (!TIMER_NAME.test(name))
    throw new SignalboxError('output_invalid', `timer name '${name}' must match ${TIMER_NAME.source}`);
  if (!(dueAt instanceof Date) || Number.isNaN(dueAt.getTime())) {
    throw new SignalboxError('output_invalid', `timer '${name}' has no valid due time`);
  }
  // Timers of one event often carry the same object: it is weighed once.
  const before = applied.timers.at(-1);
  const isWeighed = before?.action === 'set' && before.payload === payload;
  if (!isWeighed && Buffer.byteLength(JSON.stringify(payload ?? null)) > TIMER_PAYLOAD_BYTES_MAX) {
    throw new SignalboxError(
      'output_invalid',
      `timer '${name}' carries more than ${TIMER_PAYLOAD_BYTES_MAX} bytes`,
    );
  }
  if (cause.firing) checkRearming(name, dueAt, cause.now, cause.firing);
  return { action: 'set', key, name, dueAt, payload: payload ?? null, setBy: setByOf(cause, applied) };
}

/** One object for all timers of a cause. */
function setByOf({ source, eventId, correlationId, hops, firing }: Cause, applied: Applied): TimerCause {
  const [first] = applied.timers;
  if (first?.action === 'set') return first.setBy;
  const setBy = { source, eventId, correlationId, hops };
  return firing ? { ...setBy, chain: firing.next } : setBy;
}

/** Refuses timers that keep firing themselves: below a second, or more than 100 times an hour. */
function checkRearming(name: string, dueAt: Date, now: Date, firing: Firing): void {
  if (name === firing.name && dueAt.getTime() - now.getTime() < REARM_MS_MIN) {
    throw new SignalboxError(
      'output_invalid',
      `timer '${name}' sets itself again in less than ${REARM_MS_MIN} ms`,
    );
  }
  if (firing.next.inHour >= FIRINGS_PER_HOUR_MAX) {
    throw new SignalboxError(
      'output_invalid',
      `timer '${name}' belongs to a chain of ${firing.next.inHour} firings within an hour`,
    );
  }
}
