import 'reflect-metadata';
import { emit, type Attempt, type EmitOutput } from '@signalbox/agent-kit';
import { AgentHandlers, AgentModule, Perform, startAgent } from '@signalbox/agent-kit-nest';
import {
  remediationCompleted,
  remediationRequested,
  type DataOf,
  type EventEnvelope,
} from '@signalbox/contracts';
import { Module } from '@nestjs/common';
import { receiverUrl } from '../harness/settings.js';
import { callDeadlineMs, post } from '../load/calls.js';

type Requested = EventEnvelope<DataOf<typeof remediationRequested>>;

/** A connector as small as one can be: calls what the request names and says so. */
@AgentHandlers()
class CallerHandlers {
  @Perform(remediationRequested, {
    key: ({ data }) => data.incident_id,
    destination: ({ data }) => data.service_name,
    unknownOutcome: 'repeat',
    deadlineMs: callDeadlineMs,
    giveUp: () => [],
  })
  async call(event: Requested, { signal }: Attempt): Promise<readonly EmitOutput[]> {
    const { service_name: destination } = event.data;
    const startedMs = Date.now();
    const sentMs = Date.parse(event.timestamp);
    await post(receiverUrl, { id: event.event_id, destination, sentMs }, signal);
    const result = { request_id: event.event_id, outcome: 'called', duration_ms: Date.now() - startedMs };
    const { incident_id, service_name, environment, runbook, step, action } = event.data;
    return [
      emit(remediationCompleted, {
        incident_id,
        service_name,
        environment,
        runbook,
        step,
        action,
        ...result,
      }),
    ];
  }
}

@Module({
  imports: [AgentModule.forRoot({ name: 'caller', startFrom: 'earliest' })],
  controllers: [CallerHandlers],
})
class CallerModule {}

void startAgent(CallerModule);
