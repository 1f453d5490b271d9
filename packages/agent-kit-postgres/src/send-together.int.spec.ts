import type { PoolClient } from 'pg';
import { freshDatabase } from '../test/database.js';
import { createPool } from './pool.js';
import { sendTogether } from './send-together.js';

const corked = (client: PoolClient): number =>
  (client as unknown as { connection: { stream: { writableCorked: number } } }).connection.stream
    .writableCorked;

it('holds back what is sent in one turn until its end, and only then', async () => {
  const pool = createPool({
    url: await freshDatabase(),
    schema: 'public',
    max: 1,
    onError: () => undefined,
  });
  const client = await pool.connect();
  const answers = [1, 2, 3].map((n) => {
    sendTogether(client);
    return client.query<{ n: number }>({ name: 'n', text: 'SELECT $1::int AS n', values: [n] });
  });
  expect(corked(client)).toBe(1);
  expect((await Promise.all(answers)).map(({ rows }) => rows[0]?.n)).toEqual([1, 2, 3]);
  expect(corked(client)).toBe(0);
  sendTogether(client);
  expect(corked(client)).toBe(1);
  await new Promise((resolve) => setImmediate(resolve));
  expect(corked(client)).toBe(0);
  client.release();
  await pool.end();
});
