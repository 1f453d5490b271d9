import type { Pool } from 'pg';
import { processA, storeFactory } from '../test/database.js';
import {
  bigintColumn,
  booleanColumn,
  bytesColumn,
  integerColumn,
  textColumn,
  timestampColumn,
  uuidColumn,
} from './columns.js';

describe('columns', () => {
  let factory: Awaited<ReturnType<typeof storeFactory>>;
  let pool: Pool;

  beforeAll(async () => {
    factory = await storeFactory();
    ({ pool } = factory.open(processA));
  });
  afterAll(() => factory.close());

  const read = async (type: string, column: Buffer): Promise<unknown[]> => {
    const text = `SELECT v FROM unnest($1::${type}[]) WITH ORDINALITY AS t(v, n) ORDER BY n`;
    return (await pool.query<{ v: unknown }>(text, [column])).rows.map(({ v }) => v);
  };

  it.each([
    ['text', textColumn, ['', 'a', null, 'quote " \\ { } , NULL', 'äöü €', '🙂 é', 'x'.repeat(70_000)]],
    ['bytea', bytesColumn, [Buffer.from([0, 255]), null, Buffer.alloc(0), Buffer.alloc(9_000, 7)]],
    ['boolean', booleanColumn, [true, false]],
    ['integer', integerColumn, [0, -1, 2_147_483_647, -2_147_483_648]],
  ] as const)('carry %s as it is', async (type, column, values) => {
    expect(await read(type, (column as (all: readonly unknown[]) => Buffer)(values))).toEqual(values);
    expect(await read(type, column([]))).toEqual([]);
  });

  it('carry large integers exactly', async () => {
    const values = [0n, -1n, 9_007_199_254_740_993n, 2n ** 63n - 1n, -(2n ** 63n)];
    expect(await read('bigint', bigintColumn(values))).toEqual(values.map(String));
  });

  it('carry uuids as their sixteen bytes', async () => {
    const bytes = Buffer.from(processA.replaceAll('-', ''), 'hex');
    expect(await read('uuid', uuidColumn([bytes, Buffer.alloc(16)]))).toEqual([
      processA,
      '00000000-0000-0000-0000-000000000000',
    ]);
  });

  it('carry times to the millisecond, also before 2000, before 1970 and far away, and their absence', async () => {
    const times = [
      '2026-12-06T04:40:00.123Z',
      '2000-01-01T00:00:00.000Z',
      '1999-12-31T23:59:59.999Z',
      '1955-11-05T06:15:00.001Z',
      '9999-12-31T23:59:59.999Z',
    ].map((text) => new Date(text));
    expect(await read('timestamptz', timestampColumn([...times, null]))).toEqual([...times, null]);
  });

  it('refuse what the database would refuse or UTF-8 would change', async () => {
    expect(() => textColumn(['fine', 'half \ud800 pair'])).toThrow(
      expect.objectContaining({ code: 'output_invalid' }),
    );
    await expect(read('text', textColumn(['a\u0000b']))).rejects.toMatchObject({ code: '22021' });
  });
});
