import { measureLatency, percentile, summaryOf } from '../support/latency.js';
import { System } from '../support/system.js';

const p95MsMax = 1_000;

/** `npm run measure:latency`: on a machine that does nothing else. */
it('50 outages one after another: p95 from sending to Slack and PagerDuty is below a second', async () => {
  const system = await System.start(['gateway', 'agent-ops', 'notifier', 'remediator']);
  try {
    const { slackMs, pagerDutyMs } = await measureLatency(system, 50);
    process.stdout.write(`${summaryOf('Slack', slackMs)}\n${summaryOf('PagerDuty', pagerDutyMs)}\n`);
    expect(percentile(slackMs, 95)).toBeLessThan(p95MsMax);
    expect(percentile(pagerDutyMs, 95)).toBeLessThan(p95MsMax);
  } finally {
    await system.stop();
  }
}, 300_000);
