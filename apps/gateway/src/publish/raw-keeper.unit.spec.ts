import type { Arrival } from '../door/arrival.js';
import { sourceNamed } from '../../test/support/sources.js';
import type { Outgoing } from './outgoing.js';
import { Tracker } from './publication.js';
import { RawKeeper } from './raw-keeper.js';

const mebibyte = 1_048_576;

function keeper() {
  const kept: Outgoing[] = [];
  const outcomes: string[] = [];
  const open: Tracker[] = [];
  const clock = { ms: 0 };
  const publisher = {
    publish: (records: readonly Outgoing[]) => {
      kept.push(...records);
      const publication = new Tracker(records.length);
      open.push(publication);
      return publication;
    },
  };
  const made = new RawKeeper(
    publisher,
    (outcome) => outcomes.push(outcome),
    () => clock.ms,
  );
  return {
    made,
    kept,
    outcomes,
    clock,
    acknowledge: () => open.splice(0).forEach((publication) => publication.done()),
  };
}

const arrival = (bytes: number, changes: object = {}): Arrival =>
  ({
    webhookId: 'w-1',
    source: { ...sourceNamed('ops-alert'), ...changes },
    request: {
      headers: { 'x-webhook-signature': 'sha256=00', authorization: 'Basic x', cookie: 'c' },
      method: 'POST',
    },
    url: 'https://hooks.example.com/agent/ops-alert-webhook',
    receivedAtMs: 0,
    rawBody: Buffer.alloc(bytes, 'a'),
  }) as unknown as Arrival;

const flush = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('refused webhooks', () => {
  it('are kept as they came, with the signature and without credentials', async () => {
    const { made, kept, outcomes, acknowledge } = keeper();
    expect(made.keep(arrival(10))).toBe(true);
    expect(kept[0]).toMatchObject({ topic: 'webhook.raw', record: { value: Buffer.alloc(10, 'a') } });
    expect(String(kept[0]?.key)).toBe('ops-alert');
    const headers = JSON.parse(String(kept[0]?.record.headers?.['sb-webhook-headers'])) as object;
    expect(headers).toEqual({ 'x-webhook-signature': 'sha256=00' });
    acknowledge();
    await flush();
    expect(outcomes).toEqual(['written']);
  });

  it.each([{ kind: 'token', header: 'x-token' }, { kind: 'basic' }])(
    'are not kept where the header is the secret: %j',
    (scheme) => {
      const { made, kept } = keeper();
      expect(made.keep(arrival(10, { scheme }))).toBe(false);
      expect(kept).toEqual([]);
    },
  );

  it('are kept up to 16 MiB at once and 1 MiB a second of each source', async () => {
    const { made, outcomes, clock, acknowledge } = keeper();
    const keepOne = (name: string): boolean => made.keep(arrival(mebibyte - 1_024, { name }));
    expect(Array.from({ length: 20 }, () => keepOne('a')).filter(Boolean)).toHaveLength(16);
    expect(keepOne('b')).toBe(true);
    clock.ms = 3_000;
    expect(Array.from({ length: 5 }, () => keepOne('a')).filter(Boolean)).toHaveLength(3);
    acknowledge();
    await flush();
    expect(outcomes.filter((outcome) => outcome === 'skipped')).toHaveLength(6);
  });

  it('never fill the memory while Kafka is slow', () => {
    const { made } = keeper();
    const results = Array.from({ length: 64 }, (_, n) =>
      made.keep(arrival(mebibyte - 1_024, { name: `s${n}` })),
    );
    expect(results.filter(Boolean)).toHaveLength(32);
  });
});
