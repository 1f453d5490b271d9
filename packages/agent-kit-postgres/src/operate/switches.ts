import type { ControlState, Switch, SwitchName } from '@signalbox/agent-kit';
import type { Pool } from 'pg';
import { run } from '../pool.js';

interface ControlRecord {
  readonly paused: boolean;
  readonly paused_by: string | null;
  readonly paused_why: string | null;
  readonly paused_since: Date | null;
  readonly effects_held: boolean;
  readonly held_by: string | null;
  readonly held_why: string | null;
  readonly held_since: Date | null;
}

const columns = {
  paused: { flag: 'paused', prefix: 'paused' },
  effectsHeld: { flag: 'effects_held', prefix: 'held' },
} as const;

export async function readSwitches(pool: Pool): Promise<ControlState> {
  const [row] = await run<ControlRecord>(pool, 'control', 'SELECT * FROM sb_control', []);
  return stateOf(row as ControlRecord);
}

export async function setSwitch(
  pool: Pool,
  name: SwitchName,
  to: { readonly by: string; readonly why: string } | null,
): Promise<ControlState> {
  const { flag, prefix } = columns[name];
  const set = (column: string, value: string): string =>
    `${prefix}_${column} = CASE WHEN $1 AND NOT ${flag} THEN ${value} WHEN $1 THEN ${prefix}_${column} END`;
  const text = `UPDATE sb_control SET ${flag} = $1, ${set('by', '$2')}, ${set('why', '$3')}, ${set('since', 'clock_timestamp()')} RETURNING *`;
  const values = [to !== null, to?.by ?? null, to?.why ?? null];
  const [row] = await run<ControlRecord>(pool, `set_${flag}`, text, values);
  return stateOf(row as ControlRecord);
}

const stateOf = (row: ControlRecord): ControlState => ({
  paused: row.paused ? switchOf(row.paused_by, row.paused_why, row.paused_since) : null,
  effectsHeld: row.effects_held ? switchOf(row.held_by, row.held_why, row.held_since) : null,
});

const switchOf = (by: string | null, why: string | null, since: Date | null): Switch => ({
  by: by ?? '',
  why: why ?? '',
  since: since ?? new Date(0),
});
