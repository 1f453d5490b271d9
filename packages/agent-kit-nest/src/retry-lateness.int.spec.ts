import { emit, type DecideInput, type Output } from '@signalbox/agent-kit';
import { loadSettings } from '@signalbox/config';
import { trialStarted, usageRecorded, type DataOf } from '@signalbox/contracts';
import { Installation, eventually } from '@signalbox/test-kit';
import { Module } from '@nestjs/common';
import { z } from 'zod';
import { useAll } from '../test/two-agents.js';
import { AgentModule } from './agent.module.js';
import { AgentHandlers, On } from './decorators/decorators.js';
import { launchAgent, type RunningAgent } from './start-agent.js';

/** `npm run test:faults` holds an idle machine to 1,000; the default only finds a loop that sleeps through. */
const { SIGNALBOX_RETRY_LATE_MS_MAX: lateMsMax } = loadSettings(
  z.object({ SIGNALBOX_RETRY_LATE_MS_MAX: z.coerce.number().default(20_000) }),
);
const events = 120;
/** One that PostgreSQL alone wakes, and one that waits in a retry topic. */
const delaysMs = [1_000, 5_000];

/** When each event was tried, in milliseconds since 1970: as the handler is told, and as the machine's clock says. */
const tried = new Map<string, { readonly nowMs: number; readonly atMs: number }[]>();

@AgentHandlers()
class LateHandlers {
  @On(usageRecorded, { retry: { delaysMs, afterDeadLetter: 'go-on' } })
  record({ event, now }: DecideInput<undefined, DataOf<typeof usageRecorded>>): readonly Output[] {
    const { user_id } = event.data;
    const tries = [...(tried.get(user_id) ?? []), { nowMs: now.getTime(), atMs: Date.now() }];
    tried.set(user_id, tries);
    if (tries.length <= delaysMs.length) throw new Error('not yet');
    const at = event.timestamp;
    return [emit(trialStarted, { user_id, plan: 'done', started_at: at, ends_at: at })];
  }
}

@Module({
  imports: [AgentModule.forRoot({ name: 'late', startFrom: 'earliest' })],
  controllers: [LateHandlers],
})
class LateModule {}

describe('retries of an idle agent', () => {
  let installation: Installation;
  let agent: RunningAgent;
  beforeAll(async () => {
    installation = await Installation.open({ agents: ['late'] });
    agent = await launchAgent(LateModule, installation.environment());
  });
  afterAll(async () => {
    await agent.stop();
    await installation.close();
  });

  it('are never early, and say how late', async () => {
    const users = Array.from({ length: events }, (_none, n) => `u${n}`);
    for (const user of users) await useAll(installation, 'flaky', [{ user, quantity: 1 }]);
    await installation.eventsEventually(trialStarted, events);
    await eventually(
      () => Promise.resolve([...tried.values()]),
      (all) => all.length === events && all.every((tries) => tries.length === delaysMs.length + 1),
      'the last try of each',
      60_000,
    );
    for (const [at, delayMs] of delaysMs.entries()) {
      const pairs = [...tried.values()].map((tries) => [tries[at], tries[at + 1]]);
      const late = (of: 'nowMs' | 'atMs'): number[] =>
        pairs
          .map(([failed, next]) => (next?.[of] ?? NaN) - (failed?.nowMs ?? NaN) - delayMs)
          .sort((x, y) => x - y);
      const lateMs = late('atMs');
      const p99 = lateMs[Math.floor(events * 0.99)] as number;
      process.stdout.write(
        `retries after ${delayMs} ms: p50 ${lateMs[events >> 1]} ms late, p99 ${p99} ms\n`,
      );
      expect(late('nowMs')[0]).toBeGreaterThanOrEqual(0);
      expect(p99).toBeLessThanOrEqual(lateMsMax);
    }
  }, 120_000);
});
