import { given, timer, type TestEvent } from '@signalbox/test-kit';
import { after, completed, down, failed, incidentId, noon, noteOf, openState, up } from '../test/samples.js';
import {
  onEscalate,
  onServiceDown,
  onServiceRecovered,
  onStepCompleted,
  onStepFailed,
  type Alert,
} from './ops.decide.js';
import { opsState, type OpsState } from './ops.state.js';

const alerted = (state: OpsState | undefined, alert: TestEvent<Alert>) =>
  noteOf(given(state, opsState).when(alert).with(onServiceDown).outputs);

it('says why: an alert opens, joins or worsens an incident', () => {
  expect(alerted(undefined, down(noon))).toMatch(
    new RegExp(`^Opened ${incidentId}, critical\\. A manager hears of it at .* restart \\(step 1 of`),
  );
  expect(alerted(openState(), down(after(1), { alert_id: 'A-2' }))).toBe(
    `Alert A-2 joins ${incidentId}: people know already.`,
  );
  expect(alerted(openState('high'), down(after(1), { alert_id: 'A-2' }))).toContain(
    'Severity rose from high to critical. On-call is told again.',
  );
});

it('says what a step did and what comes next', () => {
  const state: OpsState = openState();
  const done = given(state, opsState)
    .when(completed(after(1)))
    .with(onStepCompleted);
  expect(noteOf(done.outputs)).toMatch(/step 1 \(restart\) done.*Looking again in 2 min\.$/);
  const not = given(state, opsState)
    .when(failed(after(1)))
    .with(onStepFailed);
  expect(noteOf(not.outputs)).toMatch(/step 1 \(restart\) failed.*Trying step 2\.$/);
});

it('says that a manager hears of it, and that it is over', () => {
  const state: OpsState = openState();
  const late = timer('escalate', { payload: { incident_id: incidentId }, dueAt: after(15) });
  expect(noteOf(given(state, opsState).when(late).with(onEscalate).outputs)).toBe(
    `${incidentId} goes to a manager. It has not been resolved within 15 min.`,
  );
  expect(
    noteOf(
      given(state, opsState)
        .when(up(after(20)))
        .with(onServiceRecovered).outputs,
    ),
  ).toBe(`${incidentId} is resolved after 20 min.`);
});

it('stays within the bound of notes for the longest alert there can be', () => {
  const note = alerted(
    undefined,
    down(noon, { service_name: 's'.repeat(255), environment: 'e'.repeat(255) }),
  );
  expect(note?.length).toBeLessThanOrEqual(1_000);
});
