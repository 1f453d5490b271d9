import { SignalboxError } from '@signalbox/errors';
import type { StoreTransaction } from '@signalbox/agent-kit';

type Statement = (...values: unknown[]) => Promise<unknown>;

/**
 * The transaction as its connection lets it be used: statements are carried out one after another, in the order of the
 * calls, and after one that failed the others fail until it is rolled back.
 */
export function onOneConnection(tx: StoreTransaction): StoreTransaction {
  let last: Promise<unknown> = Promise.resolve();
  let isAborted = false;
  const inTurn =
    (name: string, statement: Statement): Statement =>
    (...values) => {
      const run = async (): Promise<unknown> => {
        if (isAborted && name !== 'rollback')
          throw new SignalboxError('database_unavailable', 'the transaction was aborted (25P02)');
        try {
          return await statement.apply(tx, values);
        } catch (error) {
          isAborted = true;
          throw error;
        }
      };
      const answer = last.then(run);
      last = answer.catch(() => undefined);
      return answer;
    };
  return new Proxy(tx, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? inTurn(String(name), value as Statement) : value;
    },
  });
}
