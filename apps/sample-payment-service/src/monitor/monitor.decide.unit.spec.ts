import {
  afterCheck,
  firstState,
  type Check,
  type MonitorAlert,
  type MonitorState,
} from './monitor.decide.js';

/** Plays checks a second apart, `.` well and `x` failed, and returns the alerts with the second they came in. */
function play(checks: string): (MonitorAlert & { at: number })[] {
  let state: MonitorState = firstState;
  return [...checks].flatMap((mark, at) => {
    const check: Check = { ok: mark === '.', reason: 'refused', atMs: at * 1_000 };
    const next = afterCheck(state, check);
    state = next.state;
    return next.alert === undefined ? [] : [{ ...next.alert, at }];
  });
}

it.each([['....'], ['xx.xx.xx'], ['x'], ['']])('says nothing about %j', (checks) =>
  expect(play(checks)).toEqual([]),
);

it('tells of an outage at the third failure in a row, once', () => {
  expect(play('.xxxxxxx')).toEqual([
    { type: 'service_down', alertId: 'ALERT-PAYMENT-3000', reason: 'refused', at: 3 },
  ]);
});

it('tells of the recovery at the first success, under the id of the outage', () => {
  expect(play('xxx..')).toEqual([
    { type: 'service_down', alertId: 'ALERT-PAYMENT-2000', reason: 'refused', at: 2 },
    { type: 'service_recovered', alertId: 'ALERT-PAYMENT-2000', downMs: 1_000, at: 3 },
  ]);
});

it('gives every outage an id of its own', () => {
  const ids = play('xxx.xxx').map(({ alertId }) => alertId);
  expect(ids).toEqual(['ALERT-PAYMENT-2000', 'ALERT-PAYMENT-2000', 'ALERT-PAYMENT-6000']);
});

it('says why even when a check does not', () => {
  expect(afterCheck({ kind: 'up', failures: 2 }, { ok: false, atMs: 0 }).alert).toMatchObject({
    reason: 'no answer',
  });
});
