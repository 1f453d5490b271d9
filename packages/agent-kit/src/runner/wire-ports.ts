import type { ActivityEntry } from '@signalbox/contracts';
import { FORGOTTEN_NOTE } from '../chunk/inbox.step.js';
import type { StepContext } from '../chunk/context.js';
import type { AgentDefinition } from '../handlers.js';
import { KillSwitches } from '../operate/kill-switches.js';
import { AcknowledgedRows } from '../outbox/acknowledged.js';
import { OutboxPublisher } from '../outbox/outbox-publisher.js';
import { ParkedLimits } from '../pending/parked-limits.js';
import { createRegistry } from '../registry.js';
import { QuietLog } from './log.js';
import { Measures } from './measures.js';
import type { RunnerPorts } from './ports.js';
import { keepRefused } from './refused.js';
import type { AgentRuntimePorts } from './runtime-ports.js';
import { Semaphore } from './semaphore.js';

/** Makes what the runners of one agent share. Throws `agent_declaration_invalid` when a handler is declared wrongly. */
export function wirePorts(
  agent: AgentDefinition,
  outside: AgentRuntimePorts,
  wakePending: () => void,
): RunnerPorts & { readonly parked: ParkedLimits } {
  const { clock, random, log, store, producer, consumer, inspector } = outside;
  const measures = new Measures(outside.metrics);
  const quiet = new QuietLog(log, () => clock.monotonicMs());
  const publisher: OutboxPublisher = new OutboxPublisher({
    producer,
    clock,
    random,
    log: quiet,
    onRefused: (refused) => keepRefused(refused, ports),
    onTrouble: () => measures.trouble('publish'),
  });
  const parked = new ParkedLimits();
  const ports = {
    context: { ...contextOf(agent, outside, measures, quiet, parked), onPending: wakePending },
    store,
    consumer,
    inspector,
    publisher,
    acknowledged: new AcknowledgedRows(),
    random,
    log,
    quiet,
    transactions: new Semaphore(outside.transactionsMax),
    suspects: new Semaphore(1),
    switches: new KillSwitches(outside.operator, outside.effectsPerHourMax),
    measures,
    parked,
    wakePending,
  };
  return ports;
}

const isForgotten = ({ note }: ActivityEntry): boolean => note === FORGOTTEN_NOTE;

function contextOf(
  agent: AgentDefinition,
  { instance, clock, producer }: AgentRuntimePorts,
  measures: Measures,
  quiet: QuietLog,
  parked: ParkedLimits,
): StepContext {
  return {
    agent,
    registry: createRegistry(agent),
    instance,
    clock,
    producer,
    forgotten: { until: null },
    onHandled: (entries) => {
      measures.outcomes(entries);
      if (entries.some(({ outcome }) => outcome === 'parked')) parked.note();
      const skipped = entries.filter(isForgotten);
      if (skipped.length === 0) return;
      const fields = { events: skipped.length, first: skipped[0]?.event_id };
      quiet.warn('forgotten', fields, 'Events were skipped whose ids may have been forgotten');
    },
  };
}
