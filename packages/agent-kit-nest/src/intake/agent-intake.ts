import type { TakenEvent } from '@signalbox/agent-kit';
import { encodeEvent, keyOf, type AnyContract, type DataOf } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import { Injectable } from '@nestjs/common';
import { RuntimeHolder } from '../runtime/runtime-holder.js';
import { systemClock } from '../runtime/system-ports.js';

/** Who and what an event handed to the agent belongs to. */
export interface HandedEvent {
  readonly eventId: string;
  /** Whose ids these are: with the event id it tells repeats. */
  readonly source: string;
  readonly correlationId: string;
}

/** Hands events to the agent from inside its own app, for instance from a controller that people use. */
@Injectable()
export class AgentIntake {
  constructor(private readonly holder: RuntimeHolder) {}

  /**
   * Resolves once the agent is responsible for the event; it is handled soon afterwards. Rejects with what is wrong with
   * it, or `database_unavailable`.
   */
  async take<C extends AnyContract>(
    contract: C,
    data: DataOf<C>,
    { eventId, source, correlationId }: HandedEvent,
  ): Promise<TakenEvent> {
    const { runtime } = this.holder;
    if (!runtime) throw new SignalboxError('database_unavailable', 'The agent has not started yet.');
    const metadata = { source_service: source, correlation_id: correlationId };
    const timestamp = new Date(systemClock.nowMs()).toISOString();
    const { value } = encodeEvent(
      {
        event_id: eventId,
        event_type: contract.type,
        timestamp,
        data,
        metadata: { ...metadata, schema_version: contract.version },
      },
      { key: keyOf(contract, data) },
    );
    return runtime.take({ body: value, headers: {} });
  }
}
