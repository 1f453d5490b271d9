import type { EventEnvelope } from '@signalbox/contracts';
import { eventCause } from '../ids.js';
import type { Output } from '../outputs.js';
import type { AnyDecide } from '../registry.js';
import type { StateKey } from '../state.js';
import type { StepContext } from './context.js';
import type { KeyCell, KeyCells } from './key-cells.js';
import { applyOutputs, type Applied, type Cause } from './outputs.js';

/** How a call of a deciding handler ended. After a failure the cell is as it was before. */
export type CallResult =
  | { readonly kind: 'handled'; readonly applied: Applied; readonly durationUs: number }
  | { readonly kind: 'failed'; readonly thrown: unknown };

/** Calls a handler with the state of its key and applies its outputs to the cell. Throws nothing. */
export function callDecide(
  handler: AnyDecide,
  event: EventEnvelope,
  key: StateKey,
  cells: KeyCells,
  now: Date,
  context: StepContext,
): CallResult {
  const cell = cells.cell(key);
  const cause = causeOf(event, handler.name, context.agent.name, now);
  return guarded(cell, cause, { key, cell, state: handler.state }, context, () =>
    handler.decide({ event, key, state: cell.read(handler.state), now, read: cells.read }),
  );
}

/** Runs `decide` and applies what it returns; whatever it throws leaves the cell untouched. */
export function guarded(
  cell: KeyCell,
  cause: Cause,
  target: Parameters<typeof applyOutputs>[2],
  context: StepContext,
  decide: () => readonly Output<unknown>[],
): CallResult {
  const restore = cell.checkpoint();
  const startedMs = context.clock.monotonicMs();
  try {
    const applied = applyOutputs(decide(), cause, target, context.agent);
    const durationUs = Math.max(0, Math.round((context.clock.monotonicMs() - startedMs) * 1_000));
    return { kind: 'handled', applied, durationUs };
  } catch (thrown) {
    restore();
    return { kind: 'failed', thrown };
  }
}

/** Where an event's outputs come from. */
export function causeOf(event: EventEnvelope, handler: string, agent: string, now: Date): Cause {
  const { source_service: source, correlation_id: correlationId, hops = 0 } = event.metadata;
  const cause = eventCause(source, event.event_id);
  return { agent, handler, cause, source, eventId: event.event_id, correlationId, hops, now };
}
