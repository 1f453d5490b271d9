import { Worker } from 'node:worker_threads';

/** A handler that keeps the event loop busy for so long never comes back: the process ends and the next one suspects it. */
export const LOOP_STUCK_MS = 30_000;
const BEAT_MS = 500;

/**
 * Runs in a thread of its own. It counts its own ticks, so that a process that was stopped and goes on has missed none;
 * the line is written past the stuck thread, and only a signal gets through to it.
 */
const watcher = `
const { workerData } = require('node:worker_threads');
const { writeSync } = require('node:fs');
const beats = new Int32Array(workerData.shared);
const never = new Int32Array(new SharedArrayBuffer(4));
for (let last = -1, silent = 0; ; ) {
  Atomics.wait(never, 0, 0, workerData.beatMs);
  const now = Atomics.load(beats, 0);
  silent = now === last ? silent + 1 : 0;
  last = now;
  if (silent * workerData.beatMs < workerData.stuckMs) continue;
  writeSync(1, JSON.stringify({ level: 'error', time: new Date().toISOString(), ms: workerData.stuckMs,
    msg: 'The event loop is stuck; the process ends' }) + '\\n');
  process.kill(process.pid, 'SIGKILL');
}`;

/** Ends this process when its event loop stands still for `stuckMs`; returns how to stop watching. */
export function watchLoop(stuckMs = LOOP_STUCK_MS): () => Promise<void> {
  const shared = new SharedArrayBuffer(4);
  const beats = new Int32Array(shared);
  const timer = setInterval(() => Atomics.add(beats, 0, 1), BEAT_MS);
  timer.unref();
  const worker = new Worker(watcher, { eval: true, workerData: { shared, stuckMs, beatMs: BEAT_MS } });
  worker.unref();
  return async () => {
    clearInterval(timer);
    await worker.terminate();
  };
}
