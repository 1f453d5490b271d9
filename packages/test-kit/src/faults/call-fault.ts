import { CommitUnknownError } from '@signalbox/agent-kit';
import { SignalboxError } from '@signalbox/errors';

/**
 * What becomes of a call of a port: its request never arrives; it is carried out and its answer never comes; the process
 * dies instead of making it; the process dies before it hears the answer.
 */
export type CallFault = 'lost_request' | 'lost_answer' | 'crash_before' | 'crash_after';

/** A transaction whose connection is lost is undone by the server; anything else has nothing to undo. */
export async function undo(target: object): Promise<void> {
  if ('rollback' in target) await (target as { rollback(): Promise<void> }).rollback();
}

/** What the caller of a lost call gets. `point` as in `Gate.pass`. */
export function lostCall(point: string): Error {
  if (point === 'tx.commit') return new CommitUnknownError(new Error('the connection was lost'));
  const code = /^(tx|store)\./.test(point) ? 'database_unavailable' : 'broker_unavailable';
  return new SignalboxError(code, `${point}: the connection was lost`);
}
