/**
 * Runs `call` with a signal that aborts after `limitMs` milliseconds (reason: a `TimeoutError`) or when `signal` does
 * (with its reason); resolves and rejects as `call` does. Use it where `AbortSignal.any([signal, AbortSignal.timeout(ms)])`
 * comes to mind: on Node 20 nothing holds that time-out, the garbage collector takes it and the limit never comes.
 */
export async function withTimeLimit<T>(
  limitMs: number,
  signal: AbortSignal | undefined,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const pass = (): void => limit.abort(signal?.reason);
  if (signal?.aborted) pass();
  else signal?.addEventListener('abort', pass, { once: true });
  const timer = setTimeout(
    () => limit.abort(new DOMException(`no end within ${limitMs} ms`, 'TimeoutError')),
    limitMs,
  );
  try {
    return await call(limit.signal);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', pass);
  }
}
