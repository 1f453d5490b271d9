import type { Pool, PoolClient } from 'pg';
import { freshDatabase } from '../test/database.js';
import { createPool } from './pool.js';

/** All bytes that are handed to the connection's socket while `send` runs. */
async function written<T>(client: PoolClient, send: () => Promise<T>): Promise<readonly [T, Buffer[]]> {
  const { stream } = (client as unknown as { connection: { stream: { write(bytes: Buffer): boolean } } })
    .connection;
  const pieces: Buffer[] = [];
  const write = jest.spyOn(stream, 'write').mockImplementation(function (this: unknown, bytes: Buffer) {
    pieces.push(bytes);
    return original.call(stream, bytes);
  });
  const original = Object.getPrototypeOf(stream).write as (bytes: Buffer) => boolean;
  try {
    return [await send(), pieces];
  } finally {
    write.mockRestore();
  }
}

describe('writeLargeValues', () => {
  let pool: Pool;
  let client: PoolClient;
  beforeAll(async () => {
    pool = createPool({ url: await freshDatabase(), schema: 'public', max: 1, onError: () => undefined });
    client = await pool.connect();
  });
  afterAll(async () => {
    client.release();
    await pool.end();
  });

  const echo = (values: readonly unknown[]) =>
    client.query<Record<string, unknown>>({
      name: 'echo',
      text: 'SELECT $1::bytea AS a, $2::text AS b, $3::bytea AS c, $4::int AS d, $5::bytea AS e, $6::text AS f',
      values: [...values],
    });
  const large = Buffer.alloc(300_000, 'ab');
  const atLeast = Buffer.alloc(4_096, 1);
  const small = Buffer.alloc(4_095, 2);

  it.each([
    ['among small ones, texts, numbers and nulls', [small, 'für 5 €', large, 7, atLeast, null]],
    ['first and last', [large, null, null, -1, large, 'x'.repeat(10_000)]],
    ['none at all', [small, '', null, 0, Buffer.alloc(0), 'é']],
  ])('carries large values: %s', async (_what, values) => {
    const [{ rows }, pieces] = await written(client, () => echo(values));
    expect(Object.values(rows[0]!)).toEqual(values);
    const own = values.filter((value) => Buffer.isBuffer(value) && value.length >= 4_096);
    expect(pieces.filter((piece) => own.some((value) => value === piece))).toEqual(own);
  });

  it('keeps statements sent without waiting in order', async () => {
    const lengths = [large, small, atLeast, Buffer.alloc(1_000_000), Buffer.alloc(1)].map((value, d) =>
      echo([value, null, null, d, null, null]),
    );
    const rows = (await Promise.all(lengths)).map((answer) => answer.rows[0]!);
    expect(rows.map(({ d }) => d)).toEqual([0, 1, 2, 3, 4]);
    expect(rows.map(({ a }) => (a as Buffer).length)).toEqual([300_000, 4_095, 4_096, 1_000_000, 1]);
  });

  it('leaves the connection usable when the server refuses a large value', async () => {
    const refused = client.query({ text: 'SELECT $1::int4[]', values: [large] });
    await expect(refused).rejects.toMatchObject({ severity: 'ERROR' });
    expect((await echo([large, null, null, 1, null, null])).rows[0]).toMatchObject({ a: large, d: 1 });
  });

  it('rejects, and sends nothing of it, when a value cannot be sent', async () => {
    const circular: { self?: unknown } = {};
    circular.self = circular;
    const asked = client.query({ text: 'SELECT $1::bytea, $2::text', values: [large, circular] });
    await expect(asked).rejects.toThrow(/circular/i);
    expect((await echo([atLeast, null, null, 2, null, null])).rows[0]).toMatchObject({ a: atLeast, d: 2 });
  });

  it('ends what was asked of a connection that is gone', async () => {
    const other = createPool({
      url: await freshDatabase(),
      schema: 'public',
      max: 1,
      onError: () => undefined,
    });
    const lost = await other.connect();
    const { stream } = (lost as unknown as { connection: { stream: { destroy(): void } } }).connection;
    const asked = lost.query({ text: 'SELECT length($1::bytea), pg_sleep(60)', values: [large] });
    stream.destroy();
    await expect(asked).rejects.toThrow();
    await expect(lost.query({ text: 'SELECT length($1::bytea)', values: [large] })).rejects.toThrow();
    lost.release(true);
    await other.end();
  });
});
