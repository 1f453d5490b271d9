import type { Pool, PoolClient } from 'pg';
import { freshDatabase } from '../test/database.js';
import { createPool } from './pool.js';
import { sendTogether } from './send-together.js';

const corked = (client: PoolClient): number =>
  (client as unknown as { connection: { stream: { writableCorked: number } } }).connection.stream
    .writableCorked;

describe('sendTogether', () => {
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
  const lengthOf = (text: string) =>
    sendTogether(client, () =>
      client.query<{ n: number }>({ name: 'length', text: 'SELECT length($1) AS n', values: [text] }),
    );

  it('holds small statements of one turn back until its end', async () => {
    const answers = ['', 'a', 'ab'].map(lengthOf);
    expect(corked(client)).toBe(1);
    expect((await Promise.all(answers)).map(({ rows }) => rows[0]?.n)).toEqual([0, 1, 2]);
    expect(corked(client)).toBe(0);
  });

  it('lets a large one go at once, with those before it, and holds back what follows', async () => {
    const answers = [lengthOf('a'), lengthOf('x'.repeat(5_000))];
    expect(corked(client)).toBe(0);
    answers.push(lengthOf('ab'));
    expect(corked(client)).toBe(1);
    expect((await Promise.all(answers)).map(({ rows }) => rows[0]?.n)).toEqual([1, 5_000, 2]);
    expect(corked(client)).toBe(0);
  });

  it('holds nothing back after a statement that could not be sent', async () => {
    const fail = () => {
      throw new Error('not sent');
    };
    expect(() => sendTogether(client, fail)).toThrow('not sent');
    await new Promise((resolve) => setImmediate(resolve));
    expect(corked(client)).toBe(0);
    expect((await lengthOf('abc')).rows[0]?.n).toBe(3);
  });
});
