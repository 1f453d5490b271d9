import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseJsonObject, type AnyContract } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import { gatewayTarget } from './gateway-path.js';
import { freshData, freshEnvelope, sampleData, type Freshness } from './make-sample.js';
import type { Assignment } from './set-path.js';

export interface BodyOptions {
  /** A JSON file instead of the sample. */
  readonly file?: string | undefined;
  readonly count: number;
  readonly assignments: readonly Assignment[];
}

/** What a webhook sends for one event. A lone file without assignments is sent byte for byte. */
export function webhookBodies(contract: AnyContract, options: BodyOptions): Buffer[] {
  const { file, count, assignments } = options;
  const bytes = file === undefined ? undefined : readBytes(file);
  if (bytes && count === 1 && assignments.length === 0) return [bytes];
  const base = bytes && parseJsonObject(bytes);
  const { form } = gatewayTarget(contract);
  return freshEach(count).map((fresh) => {
    const body =
      form === 'envelope'
        ? freshEnvelope(contract, base, fresh, assignments)
        : freshData(contract, base ?? sampleData(contract, fresh.nowMs), fresh, assignments);
    return Buffer.from(JSON.stringify(body), 'utf8');
  });
}

/** The data of each event for publishing directly. A file may hold the data alone or a whole envelope. */
export function publishData(
  contract: AnyContract,
  options: BodyOptions,
): { data: unknown; fresh: Freshness }[] {
  const { file, count, assignments } = options;
  const base = file === undefined ? undefined : dataOf(parseJsonObject(readBytes(file)));
  return freshEach(count).map((fresh) => ({
    data: freshData(contract, base ?? sampleData(contract, fresh.nowMs), fresh, assignments),
    fresh,
  }));
}

function dataOf(content: Record<string, unknown>): unknown {
  const isEnvelope = 'event_id' in content && 'metadata' in content && 'data' in content;
  return isEnvelope ? content['data'] : content;
}

/** No two events of a command, nor of two commands, are alike. */
function freshEach(count: number): Freshness[] {
  const nowMs = Date.now();
  return Array.from({ length: count }, (_, at) => ({
    n: at + 1,
    nowMs: nowMs + at,
    id: randomUUID().slice(0, 8),
  }));
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new SignalboxError('not_found', `The file ${path} cannot be read (${code}).`, {
      action: 'Name a JSON file you can read.',
    });
  }
}
