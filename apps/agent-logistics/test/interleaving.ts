import type { DecideHandler, StateDefinition } from '@signalbox/agent-kit';
import { keyOf, type Contract, type EventEnvelope } from '@signalbox/contracts';
import type { TestEvent } from '@signalbox/test-kit';
import { logisticsAgent } from './agent.js';

interface Waiting {
  readonly contract: Contract;
  readonly envelope: EventEnvelope;
}

/**
 * The agent under any order Kafka allows: each topic and key is a queue of its own, and `choose` says which queue is read
 * next. (Story works every event off to its end before the next; here a second delay may come amid the first.)
 */
export class Interleaving {
  readonly emitted: { readonly type: string; readonly data: unknown }[] = [];
  private readonly queues = new Map<string, Waiting[]>();
  private readonly states = new Map<string, unknown>();
  private readonly handlers = logisticsAgent().handlers.filter(
    (one): one is DecideHandler => one.kind === 'decide',
  );
  private count = 0;

  constructor(events: readonly TestEvent[]) {
    for (const { contract, envelope } of events) this.enqueue(contract, envelope.data);
  }

  /** Runs until every queue is empty. `choose(n)` gives a number below n. */
  run(choose: (queues: number) => number): void {
    for (let names = this.names(); names.length > 0; names = this.names()) {
      const queue = this.queues.get(names[choose(names.length)] as string);
      const next = queue?.shift();
      if (next) this.handle(next);
    }
  }

  state<S>(definition: StateDefinition<S>, key: string): S | undefined {
    return this.states.get(`${definition.kind}/${key}`) as S | undefined;
  }

  dataOf<D>(contract: Contract<string, D>): D[] {
    return this.emitted.flatMap(({ type, data }) => (type === contract.type ? [data as D] : []));
  }

  private names(): string[] {
    return [...this.queues].filter(([, queue]) => queue.length > 0).map(([name]) => name);
  }

  private enqueue(contract: Contract, data: unknown): void {
    const id = `e${(this.count += 1)}`;
    const metadata = { source_service: 'test', correlation_id: 'test' };
    const envelope = {
      event_id: id,
      event_type: contract.type,
      timestamp: '2026-11-22T01:00:00Z',
      data,
      metadata,
    };
    const name = `${contract.topic}/${keyOf(contract, data)}`;
    this.queues.set(name, [...(this.queues.get(name) ?? []), { contract, envelope }]);
  }

  private handle({ contract, envelope }: Waiting): void {
    for (const handler of this.handlers.filter((one) => one.contract.type === contract.type)) {
      const key = { kind: handler.state?.kind ?? '', value: keyOf(contract, envelope.data) };
      const name = `${key.kind}/${key.value}`;
      const now = new Date('2026-11-22T01:00:00Z');
      const outputs = handler.decide({
        event: envelope,
        key,
        state: this.states.get(name),
        now,
        read: () => undefined,
      });
      for (const output of outputs) {
        if (output.kind === 'set_state') this.states.set(name, structuredClone(output.state));
        if (output.kind !== 'emit') continue;
        this.emitted.push({ type: output.contract.type, data: output.data });
        if (this.handlers.some((one) => one.contract.type === output.contract.type))
          this.enqueue(output.contract, output.data);
      }
    }
  }
}
