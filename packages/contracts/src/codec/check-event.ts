import { SignalboxError, type ErrorPointer } from '@signalbox/errors';
import type { z } from 'zod';
import type { AnyContract } from '../contract.js';
import type { EventEnvelope } from '../envelope.js';
import { pointersOf } from './pointers.js';

/**
 * Throws `event_invalid` with a pointer into the envelope (`/data/…`) for every field that breaks the contract, at most
 * 50. Nothing is coerced and nothing is copied: the event stays as it came, unknown fields included.
 */
export function checkEvent(contract: AnyContract, envelope: EventEnvelope): void {
  if (envelope.event_type !== contract.type) {
    throw invalid(contract.type, [{ pointer: '/event_type', message: `must be ${contract.type}` }]);
  }
  checkAgainst(contract.type, contract.schema, envelope.data, '/data');
}

/** As `checkEvent`, for the flat payload an outside system posts; pointers begin at the payload. */
export function checkFlat(contract: AnyContract, payload: unknown): void {
  checkAgainst(contract.type, contract.flat ?? contract.schema, payload, '');
}

/** As `checkEvent`, for data without an envelope; pointers begin at the data. */
export function checkData(contract: AnyContract, data: unknown): void {
  checkAgainst(contract.type, contract.schema, data, '');
}

function checkAgainst(type: string, schema: z.ZodType, data: unknown, prefix: string): void {
  const result = schema.safeParse(data);
  if (!result.success) throw invalid(type, pointersOf(result.error, data, prefix));
}

function invalid(type: string, pointers: readonly ErrorPointer[]): SignalboxError {
  const [first] = pointers;
  const more = pointers.length > 1 ? ` (and ${pointers.length - 1} more)` : '';
  const what = first ? `: ${first.pointer || 'the data'} ${first.message}${more}` : '';
  return new SignalboxError('event_invalid', `${type} does not fulfil its contract${what}.`, { pointers });
}
