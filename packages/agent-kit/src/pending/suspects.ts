import type { PendingRow } from '../ports/store.js';

/** Whether an earlier start of the row had no result: it may be what ends its process. */
export const isSuspect = (row: PendingRow): boolean => row.starts > 1;

/**
 * Of rows taken together, those that may run: when one of them is suspect, it alone, so that its death costs no other
 * row a start. The others are given back.
 */
export function chooseAlone(rows: readonly PendingRow[]): {
  readonly run: readonly PendingRow[];
  readonly giveBack: readonly PendingRow[];
} {
  const suspect = rows.find(isSuspect);
  if (!suspect) return { run: rows, giveBack: [] };
  return { run: [suspect], giveBack: rows.filter((row) => row !== suspect) };
}

/** Of jobs taken together, those that may run: jobs wait for others, so only suspects run one at a time. */
export function chooseOneSuspect(
  rows: readonly PendingRow[],
  hasOneAtWork: boolean,
): { readonly run: readonly PendingRow[]; readonly giveBack: readonly PendingRow[] } {
  const first = hasOneAtWork ? undefined : rows.find(isSuspect);
  const mayRun = (row: PendingRow): boolean => !isSuspect(row) || row === first;
  return { run: rows.filter(mayRun), giveBack: rows.filter((row) => !mayRun(row)) };
}
