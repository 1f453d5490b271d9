import type { RawRecord } from '@signalbox/agent-kit';

/** Record headers as text: a JSON object of base64 values, so that any bytes survive. */
export const headersToText = (headers: RawRecord['headers']): string => new HeadersToText().write(headers);

/**
 * The same for records written together: records that were read together share the buffers of values they have in
 * common, and what is the same buffer is the same text.
 */
export class HeadersToText {
  private values: Buffer[] = [];
  private texts: string[] = [];

  write(headers: RawRecord['headers']): string {
    let text = '';
    let at = 0;
    for (const name in headers) {
      const value = headers[name] as Buffer;
      if (this.values[at] !== value) {
        this.values[at] = value;
        this.texts[at] = `:"${value.toString('base64')}"`;
      }
      text += (at === 0 ? '' : ',') + JSON.stringify(name) + (this.texts[at] as string);
      at += 1;
    }
    return `{${text}}`;
  }
}

export function headersFromText(text: string): RawRecord['headers'] {
  const stored = JSON.parse(text) as Record<string, string>;
  return Object.fromEntries(
    Object.entries(stored).map(([name, value]) => [name, Buffer.from(value, 'base64')]),
  );
}
