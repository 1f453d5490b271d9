import { SignalboxError, type ErrorPointer } from '@signalbox/errors';
import type { z } from 'zod';
import type { AnyContract } from '../contract.js';
import type { EventEnvelope } from '../envelope.js';
import { pointersOf } from './pointers.js';

/**
 * Throws `event_invalid` with a pointer into the envelope (`/data/…`) for every field that breaks the contract, at most
 * 50. Nothing is coerced and nothing is copied: the event stays as it came, unknown fields included. Data of an older
 * version is fine when it can be brought up to date.
 */
export function checkEvent(contract: AnyContract, envelope: EventEnvelope): void {
  readVersion(contract, envelope);
}

/**
 * The event in the contract's version: itself, or a copy whose data the upcasters have brought up to date. An event
 * that names no version is taken as it is when it fulfils the contract, else as version 1. One of a newer version is
 * taken as it is when it fulfils the contract. Throws `event_newer` when a newer one doesn't, else `event_invalid`.
 */
export function currentEvent(contract: AnyContract, envelope: EventEnvelope): EventEnvelope {
  try {
    return readVersion(contract, envelope);
  } catch (error) {
    const version = declaredVersion(envelope) ?? 0;
    if (version <= contract.version || envelope.event_type !== contract.type) throw error;
    const what = `'${contract.type}' came in version ${version}, this code knows ${contract.version}`;
    throw new SignalboxError('event_newer', what, { cause: error });
  }
}

function readVersion(contract: AnyContract, envelope: EventEnvelope): EventEnvelope {
  const { type, version, schema } = contract;
  if (envelope.event_type !== type)
    throw invalid(type, [{ pointer: '/event_type', message: `must be ${type}` }]);
  const declared = declaredVersion(envelope);
  if (declared !== undefined && declared < version) return upcast(contract, envelope, declared);
  const result = schema.safeParse(envelope.data);
  if (result.success) return envelope;
  const problem = invalid(type, pointersOf(result.error, envelope.data, '/data'));
  if (declared !== undefined || version === 1) throw problem;
  try {
    return upcast(contract, envelope, 1);
  } catch {
    throw problem; // who names no version is told of the current one
  }
}

/** The gateway also asks about envelopes that are broken elsewhere, to name every bad field at once. */
function declaredVersion(envelope: EventEnvelope): number | undefined {
  const { metadata } = envelope as { readonly metadata?: { readonly schema_version?: unknown } | null };
  const version = metadata?.schema_version;
  return typeof version === 'number' ? version : undefined;
}

function upcast(contract: AnyContract, envelope: EventEnvelope, from: number): EventEnvelope {
  let data: unknown = envelope.data;
  for (let n = from; n < contract.version; n += 1) {
    try {
      data = contract.upcasters?.[n]?.(data);
    } catch {
      throw invalid(contract.type, [{ pointer: '/data', message: `is no data of version ${n}` }]);
    }
  }
  checkAgainst(contract.type, contract.schema, data, '/data');
  return { ...envelope, data, metadata: { ...envelope.metadata, schema_version: contract.version } };
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
