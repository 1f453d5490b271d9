import { emit, type DecideInput, type Output } from '@signalbox/agent-kit';
import { trialStarted, usageRecorded, type DataOf } from '@signalbox/contracts';
import { Installation, eventually } from '@signalbox/test-kit';
import { Module } from '@nestjs/common';
import { createPool, type Pool } from '@signalbox/agent-kit-postgres';
import { AgentModule } from './agent.module.js';
import { AgentHandlers, On } from './decorators/decorators.js';
import { launchAgent, type RunningAgent } from './start-agent.js';

type Usage = DataOf<typeof usageRecorded>;

@AgentHandlers()
class BuggyHandlers {
  /** kafkajs ends its consumer for good on a TypeError that reaches it. */
  @On(usageRecorded, { retry: { delaysMs: [], afterDeadLetter: 'go-on' } })
  record({ event, now }: DecideInput<undefined, Usage>): readonly Output[] {
    const { user_id, feature } = event.data;
    const parts = feature === 'buggy' ? (undefined as unknown as string[]) : [feature];
    const at = now.toISOString();
    return [emit(trialStarted, { user_id, plan: parts.join(), started_at: at, ends_at: at })];
  }
}

@Module({
  imports: [AgentModule.forRoot({ name: 'buggy', startFrom: 'earliest' })],
  controllers: [BuggyHandlers],
})
class BuggyModule {}

describe("a handler's TypeError", () => {
  let installation: Installation;
  let agent: RunningAgent;
  let pool: Pool;

  beforeAll(async () => {
    installation = await Installation.open({ agents: ['buggy'], partitions: 1 });
    agent = await launchAgent(BuggyModule, installation.environment());
    pool = createPool({ url: installation.databaseUrl, schema: 'buggy', max: 1, onError: () => undefined });
  });
  afterAll(async () => {
    await agent?.stop();
    await pool?.end();
    await installation?.close();
  });

  it('dead-letters its own event and stops neither the next record nor the consumer', async () => {
    for (const [user_id, feature] of [
      ['a', 'fine'],
      ['b', 'buggy'],
      ['c', 'fine'],
    ] as const)
      await installation.publish(usageRecorded, { user_id, feature, quantity: 1, unit: 'call' });
    const events = await installation.eventsEventually(trialStarted, 2);
    expect(events.map(({ data }) => data.user_id).sort()).toEqual(['a', 'c']);
    const letters = await eventually(
      async () =>
        (await pool.query<{ error_message: string }>('SELECT error_message FROM sb_dead_letter')).rows,
      (rows) => rows.length > 0,
      'a dead letter',
    );
    expect(letters).toEqual([{ error_message: expect.stringContaining("reading 'join'") }]);
    expect(agent.runtime.status().hasJoined).toBe(true);
  });
});
