import type { Pool } from 'pg';
import { asStoreError } from '../errors.js';
import { connect } from '../pool.js';
import type { Query } from '../query.js';

/** Thrown inside a transaction to end it without a trace and answer with `value`. */
class Undo<T> extends Error {
  constructor(readonly value: T) {
    super('undone');
  }
}
export const undo = (value: unknown): never => {
  throw new Undo(value);
};

/** Runs work in one transaction; what it throws rolls back, and `undo(value)` rolls back and returns the value. */
export async function inTransaction<T>(pool: Pool, work: (query: Query) => Promise<T>): Promise<T> {
  const client = await connect(pool);
  let failure: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(
      async <R extends object>(name: string, text: string, values: unknown[]) =>
        (await client.query<R>({ name, text, values })).rows,
    );
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((lost: unknown) => (failure = lost as Error)); // the session is destroyed
    if (error instanceof Undo) return error.value as T;
    throw asStoreError(error);
  } finally {
    client.release(failure);
  }
}
