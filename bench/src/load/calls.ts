import { SignalboxError } from '@signalbox/errors';

/** How long a receiver takes to answer, and how long callers wait for one that does not. */
export const answerMs = 50;
export const callDeadlineMs = 2_000;
/** Calls at work at once for one destination: the kit's own default, and that of the calls from memory. */
export const callsPerDestination = 4;

export const destinationCount = 10;
/** The destination that answers nothing. */
export const hangingDestination = 'hanging';

/** Where request number `n` goes; with `isOneHanging` one in ten goes where nobody answers. */
export function destinationOf(n: number, isOneHanging: boolean): string {
  const at = n % destinationCount;
  return isOneHanging && at === destinationCount - 1 ? hangingDestination : `receiver-${at}`;
}

export interface Call {
  readonly id: string;
  readonly destination: string;
  /** When the request was published, in milliseconds since 1970. */
  readonly sentMs: number;
}

/** One outside call, the same for every side; rejects with `outbound_failed` when it is not answered well. */
export async function post(baseUrl: string, call: Call, signal: AbortSignal): Promise<void> {
  const { destination, ...body } = call;
  const response = await fetch(`${baseUrl}/${destination}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  });
  await response.arrayBuffer();
  if (!response.ok) throw new SignalboxError('outbound_failed', `status ${response.status}`);
}
