import type { Store, StoreTransaction } from '@signalbox/agent-kit';
import { onOneConnection } from '../memory/one-connection.js';

/** Stands between the runtime and a port: holds calls back, loses them, loses their answers, or never lets them go on. */
export interface Gate {
  /**
   * @param point port and method, e.g. `tx.commit`.
   * @param call does the call; may be left out (a lost request) or its answer be replaced (a lost answer).
   * @param target what is called.
   * @param args what it is called with.
   */
  pass<T>(point: string, call: () => Promise<T>, target: object, args: readonly unknown[]): Promise<T>;
}

/** The same port with every call that returns a promise passing through the gate; `names` are those methods. */
export function callsThrough<T extends object>(
  target: T,
  port: string,
  gate: Gate,
  names: readonly (keyof T & string)[],
): T {
  const gated = new Set<string | symbol>(names);
  return new Proxy(target, {
    get(object, name) {
      const value: unknown = Reflect.get(object, name, object);
      if (typeof value !== 'function') return value;
      const method = value as (...args: unknown[]) => unknown;
      if (!gated.has(name)) return method.bind(object);
      return (...args: unknown[]) => {
        const call = (): Promise<unknown> => method.apply(object, args) as Promise<unknown>;
        return gate.pass(`${port}.${String(name)}`, call, object, args);
      };
    },
  });
}

const statements = [
  'fence',
  'openChunk',
  'takeResponsibility',
  'lockKeys',
  'outboxOfChunks',
  'readKeys',
  'takePending',
  'queuesOfKeys',
  'settlePending',
  'makeNextDue',
  'newFingerprints',
  'wake',
  'write',
  'commit',
  'rollback',
] as const satisfies readonly (keyof StoreTransaction)[];

const storeCalls = [
  'claim',
  'startTopic',
  'reposition',
  'confirm',
  'release',
  'outboxOfPartition',
  'outboxToSweep',
  'deleteOutbox',
  'storedOutbox',
  'claimDue',
  'unclaim',
  'inputProgress',
  'now',
  'markSuspect',
  'unmarkSuspect',
  'parkedCounts',
  'nextDue',
  'startActs',
  'onPending',
  'ping',
] as const satisfies readonly (keyof Store)[];

/** A store whose calls, and those of its transactions, pass through the gate. */
export function gatedStore(store: Store, gate: Gate): Store {
  const begin = async (): Promise<StoreTransaction> => {
    const tx = await gate.pass('store.begin', () => store.begin(), store, []);
    return onOneConnection(callsThrough(tx, 'tx', gate, statements));
  };
  const calls = callsThrough(store, 'store', gate, storeCalls);
  return new Proxy(calls, {
    get: (object, name) => (name === 'begin' ? begin : (Reflect.get(object, name) as unknown)),
  });
}
