import {
  KeyMadeMeanwhileError,
  allAnswers,
  type ChunkWrites,
  type KeyWrite,
  type StateKey,
} from '@signalbox/agent-kit';
import { booleanColumn, integerColumn, textColumn } from './columns.js';
import { sqlStateOf } from './errors.js';
import type { LockedKeys } from './locked-keys.js';
import { keyColumns } from './parameters.js';
import * as keysSql from './sql/keys.sql.js';
import type { Query } from './query.js';

const uniqueViolation = '23505';

/**
 * Makes the keys that were missing and changes the others; first of all that belongs to them, so that their locks are
 * held. Throws `KeyMadeMeanwhileError` when another transaction has made one of them.
 */
export async function writeKeys(
  query: Query,
  writes: ChunkWrites,
  { instance, locked }: { readonly instance: string; readonly locked: LockedKeys },
): Promise<void> {
  const missing = missingKeys(writes, locked);
  const known: KeyWrite[] = [];
  for (const key of writes.keys) if (!locked.isMissing(key)) known.push(key);
  const origin = [String(writes.chunk), instance];
  await allAnswers([makeKeys(query, missing, origin), changeKeys(query, known, origin)]);
}

async function makeKeys(query: Query, missing: readonly KeyWrite[], origin: string[]): Promise<void> {
  if (missing.length === 0) return;
  const values = [...columnsOf(missing), ...origin];
  await query('insert_keys', keysSql.insertKeys, values).catch((error: unknown) => {
    throw sqlStateOf(error) === uniqueViolation ? new KeyMadeMeanwhileError() : error;
  });
}

async function changeKeys(query: Query, known: readonly KeyWrite[], origin: string[]): Promise<void> {
  if (known.length === 0) return;
  const changed = booleanColumn(known.map(isChanged));
  await query('write_keys', keysSql.writeKeys, [...columnsOf(known), changed, ...origin]);
}

/** Those that are written, and those that only get timers or pending work. */
function missingKeys({ keys, timers, pending }: ChunkWrites, locked: LockedKeys): KeyWrite[] {
  const missing = new Map<string, KeyWrite>();
  for (const key of keys) if (locked.isMissing(key)) missing.set(`${key.kind}\n${key.value}`, key);
  // Nearly always all of them are written themselves.
  if (missing.size === locked.missingCount) return [...missing.values()];
  for (const { key } of [...timers, ...pending]) {
    const id = `${key.kind}\n${key.value}`;
    if (!missing.has(id) && locked.isMissing(key)) missing.set(id, emptyKey(key));
  }
  return [...missing.values()];
}

const emptyKey = ({ kind, value }: StateKey): KeyWrite => ({
  kind,
  value,
  state: null,
  stateVersion: 0,
  changed: false,
  emitted: false,
  blocked: false,
});

// Called for each key, so not made anew for each chunk: see ADR 0009.
const changedStateOf = ({ state, changed }: KeyWrite): string | null => (changed ? state : null);
const stateVersionOf = ({ stateVersion }: KeyWrite): number => stateVersion;
const isChanged = ({ changed }: KeyWrite): boolean => changed;
const hasEmitted = ({ emitted }: KeyWrite): boolean => emitted;
const isBlocked = ({ blocked }: KeyWrite): boolean => blocked;

const columnsOf = (keys: readonly KeyWrite[]): Buffer[] => [
  ...keyColumns(keys),
  textColumn(keys.map(changedStateOf)),
  integerColumn(keys.map(stateVersionOf)),
  booleanColumn(keys.map(hasEmitted)),
  booleanColumn(keys.map(isBlocked)),
];
