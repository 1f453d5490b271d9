import type { RawRecord } from '@signalbox/agent-kit';

/** Record headers as text: a JSON object of base64 values, so that any bytes survive. */
export function headersToText(headers: RawRecord['headers']): string {
  return JSON.stringify(
    Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.toString('base64')])),
  );
}

export function headersFromText(text: string): RawRecord['headers'] {
  const stored = JSON.parse(text) as Record<string, string>;
  return Object.fromEntries(
    Object.entries(stored).map(([name, value]) => [name, Buffer.from(value, 'base64')]),
  );
}
