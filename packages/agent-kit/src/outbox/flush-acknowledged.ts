import type { RunnerPorts } from '../runner/ports.js';

/** Deletes the rows the broker has. Rejects as the store does; then they are deleted another time. */
export async function flushAcknowledged({
  acknowledged,
  store,
}: Pick<RunnerPorts, 'acknowledged' | 'store'>): Promise<void> {
  const ids = acknowledged.take();
  if (ids.length === 0) return;
  try {
    await store.deleteOutbox(ids);
  } catch (error) {
    acknowledged.putBack(ids);
    throw error;
  }
}
