import { SignalboxError } from '@signalbox/errors';
import type { Broker, Cluster } from 'kafkajs';

/** The part of a kafkajs broker that is not in its types: where every request of that broker passes. */
interface RawBroker {
  readonly connectionPool: { send(call: RawCall): Promise<unknown> };
}
interface RawCall {
  readonly request: { readonly apiName: string };
}

/** A member gets another id only when the group forgot the one before. */
const idsMax = 20;

/**
 * Knows which members of the group one kafkajs consumer is, and can end its joining. kafkajs joins again by itself after
 * a rebalance, a stale leader or a lost member id; its `disconnect` does not end that, and a consumer that joins after
 * its end is a member nobody knows, which keeps its partitions until the process dies.
 */
export class Membership {
  private readonly ids = new Set<string>();
  private readonly watched = new WeakSet<object>();
  private isClosed = false;
  private joins = 0;

  /** A join waits for its answer. */
  get isJoining(): boolean {
    return this.joins > 0;
  }

  /** Ids under which the group may still hold this consumer. */
  get owed(): readonly string[] {
    return [...this.ids];
  }

  /** To be called with the consumer's own cluster, before it connects. */
  attach(cluster: Cluster): void {
    const findCoordinator = cluster.findGroupCoordinator.bind(cluster);
    cluster.findGroupCoordinator = async (group) => {
      this.refuseWhenClosed();
      const broker = await findCoordinator(group);
      this.watch(broker);
      return broker;
    };
    const nodeIds = cluster.getNodeIds.bind(cluster);
    // Without nodes its fetch loop ends; otherwise one that was being replaced spins without a pause.
    cluster.getNodeIds = () => (this.isClosed ? [] : nodeIds());
  }

  /** No join begins any more. One that is under way ends with an answer of the broker, or with its connection. */
  close(): void {
    this.isClosed = true;
  }

  private watch(broker: Broker): void {
    const pool = (broker as unknown as RawBroker).connectionPool;
    if (this.watched.has(pool)) return;
    this.watched.add(pool);
    const send = pool.send.bind(pool);
    pool.send = (call) => {
      const { apiName } = call.request;
      if (apiName === 'JoinGroup') return this.join(() => send(call));
      return apiName === 'LeaveGroup' ? this.leave(() => send(call)) : send(call);
    };
  }

  private async join(send: () => Promise<unknown>): Promise<unknown> {
    this.refuseWhenClosed();
    this.joins += 1;
    try {
      const answer = await send();
      this.note(answer);
      return answer;
    } catch (error) {
      this.note(error); // a broker gives the id with its first refusal
      throw error;
    } finally {
      this.joins -= 1;
    }
  }

  private async leave(send: () => Promise<unknown>): Promise<unknown> {
    const id = [...this.ids].at(-1);
    const answer = await send();
    if (id !== undefined) this.ids.delete(id);
    return answer;
  }

  private note(answer: unknown): void {
    const { memberId } = answer as { readonly memberId?: unknown };
    if (typeof memberId !== 'string' || memberId === '') return;
    this.ids.delete(memberId);
    this.ids.add(memberId);
    const [oldest] = this.ids;
    if (oldest !== undefined && this.ids.size > idsMax) this.ids.delete(oldest);
  }

  private refuseWhenClosed(): void {
    if (!this.isClosed) return;
    const refusal = new SignalboxError('internal', 'The consumer has stopped and joins no more.');
    throw Object.assign(refusal, { retriable: false });
  }
}
