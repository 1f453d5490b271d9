import type { DecideInput, Output, TimerInput } from '@signalbox/agent-kit';
import { AgentHandlers, On, OnTimer } from '@signalbox/agent-kit-nest';
import {
  remediationCompleted,
  remediationFailed,
  serviceDown,
  serviceRecovered,
  type EventEnvelope,
} from '@signalbox/contracts';
import { serviceKey } from './keys.js';
import {
  onEscalate,
  onServiceDown,
  onServiceRecovered,
  onStepCompleted,
  onStepFailed,
  onVerify,
  type Alert,
  type Recovery,
  type StepCompleted,
  type StepFailed,
  type TimerPayload,
} from './ops.decide.js';
import { opsState, type OpsState } from './ops.state.js';

const perService = {
  state: opsState,
  key: ({ data }: EventEnvelope<{ service_name: string; environment: string }>) =>
    serviceKey(data.service_name, data.environment),
};

@AgentHandlers()
export class OpsHandlers {
  @On(serviceDown, perService)
  serviceDown(input: DecideInput<OpsState, Alert>): readonly Output<OpsState>[] {
    return onServiceDown(input);
  }

  @On(serviceRecovered, perService)
  serviceRecovered(input: DecideInput<OpsState, Recovery>): readonly Output<OpsState>[] {
    return onServiceRecovered(input);
  }

  @On(remediationCompleted, perService)
  remediationCompleted(input: DecideInput<OpsState, StepCompleted>): readonly Output<OpsState>[] {
    return onStepCompleted(input);
  }

  @On(remediationFailed, perService)
  remediationFailed(input: DecideInput<OpsState, StepFailed>): readonly Output<OpsState>[] {
    return onStepFailed(input);
  }

  @OnTimer(opsState, 'verify')
  verify(input: TimerInput<OpsState, TimerPayload>): readonly Output<OpsState>[] {
    return onVerify(input);
  }

  @OnTimer(opsState, 'escalate')
  escalate(input: TimerInput<OpsState, TimerPayload>): readonly Output<OpsState>[] {
    return onEscalate(input);
  }
}
