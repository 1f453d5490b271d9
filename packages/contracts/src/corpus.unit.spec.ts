import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue } from './catalogue.js';
import { checkEvent, currentEvent } from './codec/check-event.js';
import { defineContract, keyOf } from './contract.js';
import { entityId } from './fields.js';
import type { EventEnvelope } from './envelope.js';
import { z } from 'zod';

interface Published {
  /** The data of an event as it was published in that version. */
  readonly data: unknown;
  /** What a reader of today is given; left out: the same. */
  readonly reads?: unknown;
}

const folder = join(__dirname, '../fixtures/corpus');
const files = readdirSync(folder).map((file) => {
  const [, type = '', version = ''] = /^(.+)[.]v(\d+)[.]json$/.exec(file) ?? [];
  const events = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Published[];
  return { file, type, version: Number(version), events };
});

const envelope = (type: string, data: unknown, version?: number): EventEnvelope => ({
  event_id: 'e',
  event_type: type,
  timestamp: '2026-04-05T12:00:00Z',
  data,
  metadata: {
    source_service: 's',
    correlation_id: 'c',
    ...(version === undefined ? {} : { schema_version: version }),
  },
});

describe('events that were once published', () => {
  const published = files.flatMap(({ type, version, events }) =>
    events.map((event, at) => [type, version, at + 1, event] as const),
  );

  it.each(published)('%s version %i, number %i, is read for ever', (type, version, _at, { data, reads }) => {
    const contract = catalogue.get(type);
    if (!contract) throw new Error(`${type} is not in the catalogue any more`);
    const current = currentEvent(contract, envelope(type, data, version));
    expect(current.data).toEqual(reads ?? data);
    expect(keyOf(contract, current.data)).toBe(keyOf(contract, data));
    expect(() => checkEvent(contract, envelope(type, data, version))).not.toThrow();
  });

  it('include every version before the current one', () => {
    const kept = new Set(files.map(({ type, version }) => `${type}.v${version}`));
    const missing = [...catalogue.values()].flatMap(({ type, version }) =>
      Array.from({ length: version - 1 }, (_, n) => `${type}.v${n + 1}`).filter((name) => !kept.has(name)),
    );
    expect(missing).toEqual([]);
    expect(kept).toContain('usage.recorded.v1');
  });
});

describe('versions', () => {
  const weight = z.looseObject({ parcel_id: entityId, kg: z.number() });
  const contract = defineContract({
    type: 'parcel.sent',
    owner: 'post',
    summary: 'A parcel left.',
    version: 3,
    upcasters: {
      1: (old) => ({ ...(old as object), grams: (old as { pounds: number }).pounds * 500 }),
      2: (old) => ({ ...(old as object), kg: z.looseObject({ grams: z.number() }).parse(old).grams / 1000 }),
    },
    schema: weight,
    keyField: 'parcel_id',
    example: { parcel_id: 'p', kg: 1 },
  });
  const read = (data: object, version?: number) =>
    currentEvent(contract, envelope('parcel.sent', data, version));

  it('are climbed one after another, and the reader is told the version it gets', () => {
    const { data, metadata } = read({ parcel_id: 'p', pounds: 4 }, 1);
    expect(data).toEqual({ parcel_id: 'p', pounds: 4, grams: 2_000, kg: 2 });
    expect(metadata.schema_version).toBe(3);
    expect(read({ parcel_id: 'p', grams: 500 }, 2).data).toMatchObject({ kg: 0.5 });
  });

  it('leave an event of the current one as it came', () => {
    const event = envelope('parcel.sent', { parcel_id: 'p', kg: 1, more: true }, 3);
    expect(currentEvent(contract, event)).toBe(event);
  });

  it('need not be named: what does not fulfil the contract may be of the first', () => {
    expect(read({ parcel_id: 'p', kg: 7 }).data).toEqual({ parcel_id: 'p', kg: 7 });
    expect(read({ parcel_id: 'p', pounds: 2 }).data).toMatchObject({ kg: 1 });
    expect(() => read({ parcel_id: 'p', kg: 'heavy' })).toThrow('/data/kg must be a number');
  });

  it('that are newer are taken when they fulfil the contract, else the event waits', () => {
    expect(read({ parcel_id: 'p', kg: 7, colour: 'red' }, 4).data).toMatchObject({ kg: 7 });
    const tooNew = (): unknown => read({ parcel_id: 'p', mass: { value: 7, unit: 'kg' } }, 4);
    expect(tooNew).toThrow("'parcel.sent' came in version 4, this code knows 3");
    expect(tooNew).toThrow(expect.objectContaining({ code: 'event_newer', retryable: true }) as Error);
  });

  it('do not excuse data that is wrong in its own version', () => {
    const wrong = (): unknown => read({ parcel_id: 'p', grams: 'many' }, 2);
    expect(wrong).toThrow('/data is no data of version 2');
    expect(wrong).toThrow(expect.objectContaining({ code: 'event_invalid' }) as Error);
    expect(() => checkEvent(contract, envelope('parcel.sent', { parcel_id: 'p' }, 9))).toThrow(
      expect.objectContaining({ code: 'event_invalid' }) as Error,
    );
  });
});
