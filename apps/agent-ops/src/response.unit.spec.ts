import { cancelTimer, emit, setState, setTimer } from '@signalbox/agent-kit';
import { incidentUpdated, notificationRequested, remediationRequested } from '@signalbox/contracts';
import { given, timer } from '@signalbox/test-kit';
import {
  after,
  completed,
  failed,
  incidentId,
  kindsOf,
  noon,
  openState,
  stateAfter,
} from '../test/samples.js';
import { onEscalate, onStepCompleted, onStepFailed, onVerify } from './ops.decide.js';
import { opsState, type Incident, type OpsState } from './ops.state.js';

const atStep = (
  step: number,
  status: NonNullable<Incident['remediation']>['status'],
  change: Partial<Incident> = {},
) => openState('critical', { remediation: { runbook: 'payment-unresponsive', step, status }, ...change });
const verify = (state: OpsState | undefined, step: number, incident_id = incidentId) =>
  given(state, opsState)
    .when(timer('verify', { payload: { incident_id, step }, dueAt: after(5) }))
    .with(onVerify);
const escalate = (state: OpsState | undefined, at: string, incident_id = incidentId) =>
  given(state, opsState)
    .when(timer('escalate', { payload: { incident_id }, dueAt: at }))
    .with(onEscalate);

describe('a finished step', () => {
  it('is logged, and looked at again after two minutes', () => {
    const before = openState();
    const what = 'Runbook payment-unresponsive, step 1 (restart) done: Process restarted and answering.';
    given(before, opsState)
      .when(completed(after(3)))
      .with(onStepCompleted)
      .then(
        setState({
          ...before,
          incident: {
            ...before.incident,
            remediation: { runbook: 'payment-unresponsive', step: 1, status: 'completed' },
            log: [...before.incident.log, { at: after(3), entry: what }],
          },
        }),
        emit(incidentUpdated, { ...incidentUpdated.example, note: what, updated_at: after(3) }),
        setTimer('verify', new Date(after(5)), { incident_id: incidentId, step: 1 }),
      );
  });

  it.each([
    ['no incident is open', { incidents_opened: 1, recovered_at: noon }, {}],
    ['nothing is known', undefined, {}],
    [
      'it belongs to an earlier incident',
      openState(),
      { incident_id: 'inc-PaymentGatewayService-production-0' },
    ],
    ['another step is awaited', atStep(2, 'requested'), {}],
    ['it was told before', atStep(1, 'completed'), {}],
    ['the incident has no runbook', openState('low'), {}],
  ])('is only noted when %s', (_when, state, data) => {
    given(state, opsState)
      .when(completed(after(3), data))
      .with(onStepCompleted)
      .thenNothing();
    given(state, opsState)
      .when(failed(after(3), data))
      .with(onStepFailed)
      .thenNothing();
  });
});

describe('a failed step', () => {
  it('is followed by the next step of the runbook', () => {
    const outputs = given(openState(), opsState)
      .when(failed(after(1)))
      .with(onStepFailed);
    outputs.thenIncludes(
      emit(
        remediationRequested,
        {
          ...remediationRequested.example,
          runbook: 'payment-unresponsive',
          step: 2,
          action: 'scale',
          parameters: { replicas: '4' },
        },
        { label: 'step-2' },
      ),
    );
    expect(kindsOf(outputs.outputs)).toEqual([
      'set_state',
      'incident.updated',
      'remediation.requested step-2',
    ]);
    const { incident } = stateAfter(outputs.outputs);
    expect(incident?.remediation).toEqual({ runbook: 'payment-unresponsive', step: 2, status: 'requested' });
    expect(incident?.log.slice(-2).map(({ entry }) => entry)).toEqual([
      'Runbook payment-unresponsive, step 1 (restart) failed: No entry for PaymentGatewayService in the allow-list. (action_not_allowed)',
      'Asked for scale (step 2 of 3) of runbook payment-unresponsive.',
    ]);
  });

  it('that was the last makes it a matter for people', () => {
    const decided = given(atStep(3, 'requested'), opsState)
      .when(failed(after(4), { step: 3, action: 'hook' }))
      .with(onStepFailed);
    expect(kindsOf(decided.outputs)).toEqual([
      'set_state',
      'incident.updated',
      'notification.requested on-call:slack:trigger',
      'notification.requested manager:slack:trigger',
      'notification.requested manager:pagerduty:trigger',
      'set_timer escalate',
    ]);
    expect(decided.emitted(notificationRequested).map(({ title }) => title)).toEqual([
      'PaymentGatewayService in production: nothing more to try automatically',
      'Escalation: PaymentGatewayService is down in production',
      'Escalation: PaymentGatewayService is down in production',
    ]);
    expect(stateAfter(decided.outputs).incident).toMatchObject({
      remediation: { status: 'exhausted' },
      escalations: 1,
      escalate_at: after(19),
    });
  });

  it('of a runbook that has been removed meanwhile ends the runbook, too', () => {
    const state = openState('critical', { remediation: { runbook: 'of-old', step: 1, status: 'requested' } });
    const outputs = given(state, opsState)
      .when(failed(after(1), { runbook: 'of-old' }))
      .with(onStepFailed).outputs;
    expect(stateAfter(outputs).incident?.remediation?.status).toBe('exhausted');
  });

  it('takes the timer away with the second escalation, and does not escalate a third time', () => {
    const last = (escalations: number) =>
      given(atStep(3, 'requested', { escalations }), opsState)
        .when(failed(after(40), { step: 3, action: 'hook' }))
        .with(onStepFailed);
    last(1).thenIncludes(cancelTimer('escalate'));
    expect(stateAfter(last(1).outputs).incident?.escalate_at).toBeUndefined();
    expect(kindsOf(last(2).outputs)).toEqual([
      'set_state',
      'incident.updated',
      'notification.requested on-call:slack:trigger',
    ]);
  });
});

describe('the verify timer', () => {
  it('asks for the next step while the service is still down', () => {
    const outputs = verify(atStep(1, 'completed'), 1).outputs;
    expect(kindsOf(outputs)).toEqual(['set_state', 'incident.updated', 'remediation.requested step-2']);
    expect(stateAfter(outputs).incident?.log.at(-2)?.entry).toBe('Still down 2 min after step 1.');
  });

  it.each([
    ['the incident is resolved', { incidents_opened: 1, recovered_at: noon }],
    ['the next step is under way', atStep(2, 'requested')],
    ['the next step is done', atStep(2, 'completed')],
    ['nothing is known', undefined],
  ])('does nothing when %s', (_when, state) => verify(state, 1).thenNothing());

  it('does nothing for another incident', () =>
    verify(atStep(1, 'completed'), 1, 'inc-other-1').thenNothing());
});

describe('the escalate timer', () => {
  it('tells managers, and sets itself once more', () => {
    const decided = escalate(openState(), after(15));
    decided.thenIncludes(
      emit(
        notificationRequested,
        {
          subject_kind: 'incident',
          subject_id: incidentId,
          channel: 'pagerduty',
          audience: 'manager',
          action: 'trigger',
          dedup_key: incidentId,
          severity: 'critical',
          title: 'Escalation: PaymentGatewayService is down in production',
          body_text: `It has not been resolved within 15 min.\nOn-call was told when it began, at ${noon}. Please make sure that somebody is working on it.`,
          link: 'https://monitoring.tool/incident/12345',
        },
        { label: 'manager:pagerduty:trigger' },
      ),
      setTimer('escalate', new Date(after(30)), { incident_id: incidentId }),
    );
    expect(kindsOf(decided.outputs)).toHaveLength(5);
  });

  it('tells them a second time and then rests', () => {
    const decided = escalate(openState('high', { escalations: 1 }), after(120));
    expect(decided.emitted(notificationRequested)[0]?.title).toMatch(/^Second escalation: /);
    expect(kindsOf(decided.outputs)).not.toContain('set_timer escalate');
    expect(stateAfter(decided.outputs).incident).toMatchObject({ escalations: 2 });
  });

  it('uses Slack alone for a low incident', () => {
    const sent = escalate(openState('low'), after(60)).emitted(notificationRequested);
    expect(sent.map(({ channel }) => channel)).toEqual(['slack']);
  });

  it.each([
    ['resolved', { incidents_opened: 1, recovered_at: noon }, incidentId],
    ['another one', openState(), 'inc-other-1'],
  ])('does nothing when the incident is %s', (_what, state, id) =>
    escalate(state, after(15), id).thenNothing(),
  );
});
