import { emit, setState, setTimer } from '@signalbox/agent-kit';
import {
  incidentOpened,
  incidentUpdated,
  notificationRequested,
  remediationRequested,
  serviceDown,
} from '@signalbox/contracts';
import { event, given, textMatching } from '@signalbox/test-kit';
import { after, down, incidentId, kindsOf, noon, openState, stateAfter } from '../test/samples.js';
import { onServiceDown } from './ops.decide.js';
import { alertIdsMax, logEntriesMax, opsState, type OpsState } from './ops.state.js';

const decide = (state: OpsState | undefined, what: ReturnType<typeof down>, now?: string) => {
  const scene = given(state, opsState).when(what);
  return (now === undefined ? scene : scene.at(now)).with(onServiceDown);
};
const notification = {
  subject_kind: 'incident',
  subject_id: incidentId,
  audience: 'on-call',
  action: 'trigger' as const,
  dedup_key: incidentId,
  severity: 'critical' as const,
  title: 'PaymentGatewayService is down in production',
  body_text:
    'Payment Gateway Service is unresponsive across all instances.\nSeverity critical, alert ALERT-SVC-001.\nTried automatically: restart (step 1 of 3).',
  link: 'https://monitoring.tool/incident/12345',
};

describe('a first alert', () => {
  it('opens the incident, tells on-call, asks for a restart and sets the escalation', () => {
    const log = [
      `Opened by alert ALERT-SVC-001 (critical), seen at ${noon}: Payment Gateway Service is unresponsive across all instances.`,
      'Asked to tell on-call over Slack and PagerDuty.',
      'Asked for restart (step 1 of 3) of runbook payment-unresponsive.',
    ];
    decide(undefined, down(noon)).then(
      setState({
        incidents_opened: 1,
        incident: {
          id: incidentId,
          service_name: 'PaymentGatewayService',
          environment: 'production',
          severity: 'critical',
          opened_at: noon,
          last_alert_at: noon,
          alert_ids: ['ALERT-SVC-001'],
          alerts: 1,
          link: 'https://monitoring.tool/incident/12345',
          log: log.map((entry) => ({ at: noon, entry })),
          log_omitted: 0,
          remediation: { runbook: 'payment-unresponsive', step: 1, status: 'requested' },
          escalations: 0,
          escalate_at: after(15),
        },
      }),
      emit(incidentOpened, { ...incidentOpened.example, opened_at: noon }),
      emit(notificationRequested, { ...notification, channel: 'slack' }, { label: 'on-call:slack:trigger' }),
      emit(
        notificationRequested,
        { ...notification, channel: 'pagerduty' },
        { label: 'on-call:pagerduty:trigger' },
      ),
      emit(
        remediationRequested,
        { ...remediationRequested.example, runbook: 'payment-unresponsive' },
        { label: 'step-1' },
      ),
      setTimer('escalate', new Date(after(15)), { incident_id: incidentId }),
    );
  });

  it.each(['low', 'info'] as const)('of severity %s pages nobody and tries nothing', (severity) => {
    const outputs = decide(undefined, down(noon, { severity })).outputs;
    expect(kindsOf(outputs)).toEqual([
      'set_state',
      'incident.opened',
      'notification.requested on-call:slack:trigger',
      'set_timer escalate',
    ]);
    expect(stateAfter(outputs).incident?.remediation).toBeUndefined();
    expect(stateAfter(outputs).incident?.escalate_at).toBe(after(60));
  });

  it('takes the event’s time when the alert has none, and never one in the future', () => {
    const { timestamp: _none, ...data } = serviceDown.example;
    const untimed = event(serviceDown, data, { at: '2026-04-05T14:00:00+02:00' });
    expect(stateAfter(decide(undefined, untimed).outputs).incident?.opened_at).toBe(noon);
    const ahead = decide(undefined, down('2099-01-01T00:00:00Z'), noon);
    expect(stateAfter(ahead.outputs).incident?.opened_at).toBe(noon);
  });

  it('counts the escalation from now, also for an alert that is a week old', () => {
    decide(undefined, down(noon), '2026-04-12T12:00:00.000Z').thenIncludes(
      setTimer('escalate', new Date('2026-04-12T12:15:00Z'), { incident_id: incidentId }),
    );
  });

  it('gives the same alert id a new incident once the last one is resolved', () => {
    const outputs = decide({ incidents_opened: 1, recovered_at: noon }, down(after(7 * 24 * 60))).outputs;
    expect(stateAfter(outputs).incident?.id).toBe('inc-PaymentGatewayService-production-2');
  });

  it('opens nothing when the service is known to have answered after it', () => {
    const resolved = { incidents_opened: 1, recovered_at: after(20) };
    decide(resolved, down(after(19)), after(25)).thenNothing();
    expect(kindsOf(decide(resolved, down(after(20)), after(25)).outputs)).toContain('incident.opened');
  });

  it('keeps within every bound for the longest alert there can be', () => {
    const long = {
      service_name: 's'.repeat(255),
      environment: 'é'.repeat(255),
      alert_id: 'a'.repeat(255),
      message: '🚨'.repeat(5_000),
    };
    const outputs = decide(undefined, down(noon, long)).outputs;
    expect(stateAfter(outputs).incident?.log[0]?.entry).toMatch(/^Opened by alert a{255} .*🚨…$/);
    expect(kindsOf(outputs)).toHaveLength(6);
  });
});

describe('another alert', () => {
  it('joins the open incident without telling people again', () => {
    const before = openState();
    const what = `Alert ALERT-SVC-002 (high), seen at ${after(1)}, joined: Still nothing.`;
    decide(
      before,
      down(after(1), { alert_id: 'ALERT-SVC-002', severity: 'high', message: 'Still nothing.' }),
    ).then(
      setState({
        ...before,
        incident: {
          ...before.incident,
          alerts: 2,
          alert_ids: ['ALERT-SVC-001', 'ALERT-SVC-002'],
          last_alert_at: after(1),
          log: [...before.incident.log, { at: after(1), entry: what }],
        },
      }),
      emit(incidentUpdated, { ...incidentUpdated.example, note: what, updated_at: after(1) }),
    );
  });

  it('counts a repeated alert id once among the ids, and does not turn back the time of the last alert', () => {
    const state = stateAfter(
      decide(openState('critical', { last_alert_at: after(5) }), down(after(1)), after(6)).outputs,
    );
    expect(state.incident).toMatchObject({
      alerts: 2,
      alert_ids: ['ALERT-SVC-001'],
      last_alert_at: after(5),
    });
  });

  it('tells on-call again under the same key when the severity rises', () => {
    const outputs = decide(openState('high'), down(after(1), { severity: 'critical' })).outputs;
    expect(kindsOf(outputs)).toEqual([
      'set_state',
      'incident.updated',
      'notification.requested on-call:slack:trigger',
      'notification.requested on-call:pagerduty:trigger',
      'set_timer escalate',
    ]);
    const titles = decide(openState('high'), down(after(1), { severity: 'critical' })).emitted(
      notificationRequested,
    );
    expect(titles[1]).toMatchObject({
      title: 'PaymentGatewayService in production: now critical',
      severity: 'critical',
      dedup_key: incidentId,
      body_text: textMatching(/^Severity rose from high to critical\./),
    });
    expect(stateAfter(outputs).incident?.escalate_at).toBe(after(16));
  });

  it('starts the runbook when a low incident becomes one that pages', () => {
    const outputs = decide(openState('low'), down(after(10), { severity: 'high' })).outputs;
    expect(kindsOf(outputs)).toContain('remediation.requested step-1');
    expect(kindsOf(outputs)).toContain('notification.requested on-call:pagerduty:trigger');
  });

  it('leaves an escalation that comes sooner as it is', () => {
    const outputs = decide(openState('high'), down(after(50), { severity: 'critical' })).outputs;
    expect(kindsOf(outputs)).not.toContain('set_timer escalate');
    expect(stateAfter(outputs).incident?.escalate_at).toBe(after(60));
  });

  it('keeps the state bounded in a storm of alerts', () => {
    let state: OpsState = openState();
    for (let n = 1; n <= 300; n += 1) {
      state = stateAfter(
        decide(state, down(after(1), { alert_id: `A-${n}`, message: `alert ${n}` })).outputs,
      );
    }
    const { incident } = state;
    expect(incident?.alerts).toBe(301);
    expect(incident?.alert_ids).toHaveLength(alertIdsMax);
    expect(incident?.log).toHaveLength(logEntriesMax);
    expect(incident?.log_omitted).toBe(103);
    expect(incident?.log[0]?.entry).toMatch(/^Opened by/);
    expect(incident?.log.at(-1)?.entry).toMatch(/alert 300$/);
  });
});
