import { cancelTimer, emit, note, setState } from '@signalbox/agent-kit';
import { incidentResolved, notificationRequested } from '@signalbox/contracts';
import { given } from '@signalbox/test-kit';
import { after, incidentId, kindsOf, noon, openState, stateAfter, up, noteOf } from '../test/samples.js';
import { logged } from './incident.js';
import { onServiceRecovered } from './ops.decide.js';
import { opsState, type OpsState } from './ops.state.js';

const decide = (state: OpsState | undefined, what: ReturnType<typeof up>, now?: string) => {
  const scene = given(state, opsState).when(what);
  return (now === undefined ? scene : scene.at(now)).with(onServiceRecovered);
};

describe('a recovery', () => {
  it('resolves the incident with its log, tells on-call and cancels the timers', () => {
    const before = openState();
    const notification = {
      subject_kind: 'incident',
      subject_id: incidentId,
      audience: 'on-call',
      action: 'resolve' as const,
      dedup_key: incidentId,
      severity: 'critical' as const,
      title: 'PaymentGatewayService is back in production',
      body_text: 'Resolved after 1 h 5 min, 1 alert.\nPayment Gateway Service answers again.',
      link: 'https://monitoring.tool/incident/12345',
    };
    decide(before, up(after(65))).then(
      setState({ incidents_opened: 1, recovered_at: after(65) }),
      emit(incidentResolved, {
        ...incidentResolved.example,
        opened_at: noon,
        resolved_at: after(65),
        duration_seconds: 3_900,
        log: [
          ...before.incident.log,
          {
            at: after(65),
            entry: `Resolved by ALERT-SVC-001, seen at ${after(65)}: Payment Gateway Service answers again.`,
          },
        ],
      }),
      emit(notificationRequested, { ...notification, channel: 'slack' }, { label: 'on-call:slack:resolve' }),
      emit(
        notificationRequested,
        { ...notification, channel: 'pagerduty' },
        { label: 'on-call:pagerduty:resolve' },
      ),
      cancelTimer('escalate'),
      cancelTimer('verify'),
    );
  });

  it('tells managers, too, when they had been told of the incident', () => {
    const outputs = decide(openState('critical', { escalations: 1 }), up(after(20))).outputs;
    expect(kindsOf(outputs)).toContain('notification.requested manager:slack:resolve');
    expect(kindsOf(outputs)).toContain('notification.requested manager:pagerduty:resolve');
  });

  it('of a low incident is told over Slack alone', () => {
    const sent = decide(openState('low'), up(after(20))).emitted(notificationRequested);
    expect(sent.map(({ channel }) => channel)).toEqual(['slack']);
  });

  it('publishes a shortened log with a line that says so', () => {
    let { incident } = openState();
    for (let n = 0; n < 210; n += 1) incident = logged(incident, new Date(noon), `entry ${n}`);
    const [resolved] = decide({ incidents_opened: 1, incident }, up(after(1))).emitted(incidentResolved);
    expect(resolved?.log).toHaveLength(201);
    expect(resolved?.log[50]?.entry).toBe('(14 entries left out)');
  });
});

describe('a recovery that does not fit', () => {
  it('is noted and its time remembered when no incident is open', () => {
    const why = note('PaymentGatewayService answers again in production; no incident was open.');
    decide(undefined, up(noon)).then(setState({ incidents_opened: 0, recovered_at: noon }), why);
    decide({ incidents_opened: 3, recovered_at: noon }, up(after(1))).then(
      setState({ incidents_opened: 3, recovered_at: after(1) }),
      why,
    );
  });

  it('changes nothing when a later one is known', () => {
    decide({ incidents_opened: 3, recovered_at: after(5) }, up(after(1)), after(9)).thenNothing();
  });

  it.each([
    ['the incident began', openState(), '2026-04-05T11:59:59Z'],
    ['the last alert', openState('critical', { last_alert_at: after(5) }), after(4)],
  ])('leaves the incident open when it is of before %s', (_what, state, at) => {
    const outputs = decide(state, up(at), after(10)).outputs;
    expect(kindsOf(outputs)).toEqual(['set_state']);
    expect(noteOf(outputs)).toContain('came late');
    expect(stateAfter(outputs).incident?.id).toBe(incidentId);
    expect(stateAfter(outputs).incident?.log.at(-1)?.entry).toContain('came late');
  });

  it('resolves at the very second of the last alert: a service is down before it recovers', () => {
    expect(kindsOf(decide(openState(), up(noon)).outputs)).toContain('incident.resolved');
  });

  it('cannot lie in the future and hide the next outage', () => {
    expect(stateAfter(decide(undefined, up('2099-01-01T00:00:00Z'), noon).outputs).recovered_at).toBe(noon);
  });
});
