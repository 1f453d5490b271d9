import { SignalboxError } from '@signalbox/errors';

/**
 * The JSON object of an answer; an empty one where a refusal holds none. Throws `outbound_failed` when an answer that says
 * yes holds something else, lacks the list it should hold, or does not come whole: who listens there is not `whom`.
 */
export async function answerObject(response: Response, whom: string, list?: string): Promise<object> {
  const body: unknown = await response.json().catch(() => undefined);
  const isObject = typeof body === 'object' && body !== null;
  if (!response.ok) return isObject ? body : {};
  if (isObject && (list === undefined || Array.isArray((body as Record<string, unknown>)[list]))) return body;
  const what = list === undefined ? 'no JSON object' : `no list of ${list}`;
  throw new SignalboxError(
    'outbound_failed',
    `What answers at ${response.url} is not ${whom}: it sent ${what}.`,
    {
      action: 'Is this the right address? `npx signalbox status` shows what listens where.',
    },
  );
}
