import type { Readable } from 'node:stream';

export interface CappedBody {
  readonly body: Buffer;
  /** More came than the cap allows; the rest was not read. */
  readonly truncated: boolean;
}

/** Reads at most `bytesMax` bytes, then destroys the stream. Rejects with the stream's error. */
export async function readCapped(stream: Readable, bytesMax: number): Promise<CappedBody> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    parts.push(chunk);
    size += chunk.length;
    // Leaving the loop destroys the stream and with it the connection.
    if (size > bytesMax) break;
  }
  return { body: Buffer.concat(parts).subarray(0, bytesMax), truncated: size > bytesMax };
}
