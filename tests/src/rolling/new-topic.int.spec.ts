import { emit, type DecideInput, type Output } from '@signalbox/agent-kit';
import { AgentHandlers, AgentModule, On, launchAgent, type RunningAgent } from '@signalbox/agent-kit-nest';
import { subscriptionStarted, trialStarted, usageRecorded, type DataOf } from '@signalbox/contracts';
import { Installation, eventually } from '@signalbox/test-kit';
import { Module, type Type } from '@nestjs/common';

const told = (userId: string, plan: string) =>
  emit(trialStarted, { ...trialStarted.example, user_id: userId, plan });
type Used = DataOf<typeof usageRecorded>;
type Subscribed = DataOf<typeof subscriptionStarted>;
const agent = AgentModule.forRoot({ name: 'listener', startFrom: 'earliest' });

/** The topic of each partition an agent reads, retry topics left out. */
const inputsOf = (runtime: RunningAgent['runtime']): string[] =>
  runtime
    .status()
    .assigned.map(({ topic }) => topic)
    .filter((topic) => topic === usageRecorded.topic || topic === subscriptionStarted.topic);

@AgentHandlers()
class OldHandlers {
  @On(usageRecorded)
  used({ event }: DecideInput<undefined, Used>): readonly Output[] {
    return [told(event.data.user_id, 'used')];
  }
}
@Module({ imports: [agent], controllers: [OldHandlers] })
class OldRelease {}

@AgentHandlers()
class NewHandlers extends OldHandlers {
  @On(subscriptionStarted)
  subscribed({ event }: DecideInput<undefined, Subscribed>): readonly Output[] {
    return [told(event.data.user_id, 'subscribed')];
  }
}
@Module({ imports: [agent], controllers: [NewHandlers] })
class NewRelease {}

jest.setTimeout(120_000);

describe.each<[string, Type, Type]>([
  ['the old code leads the group', OldRelease, NewRelease],
  ['the new code leads the group', NewRelease, OldRelease],
])('a new topic in a mixed fleet, when %s', (_case, first, second) => {
  let installation: Installation;
  const running: RunningAgent[] = [];
  beforeAll(async () => {
    installation = await Installation.open({ agents: ['listener'], partitions: 3 });
    for (const release of [first, second]) {
      running.push(await launchAgent(release, installation.environment()));
    }
    // Three partitions of the old topic, shared by both, and three of the new one, for the new code alone.
    await eventually(
      async () => running.map(({ runtime }) => inputsOf(runtime).length),
      (counts) => counts.reduce((sum, count) => sum + count, 0) === 6 && counts.every((count) => count > 0),
      'all six partitions assigned, to both members',
    );
  });
  afterAll(async () => {
    await Promise.all(running.map((one) => one.stop()));
    await installation.close();
  });

  it('starves neither topic: everything is handled once', async () => {
    const users = Array.from({ length: 12 }, (_, n) => `user-${n}`);
    for (const user_id of users) {
      await installation.publish(usageRecorded, { ...usageRecorded.example, user_id });
      await installation.publish(subscriptionStarted, { ...subscriptionStarted.example, user_id });
    }
    const events = await installation.eventsEventually(trialStarted, 24);
    const seen = events.map(({ data }) => `${data.user_id} ${data.plan}`).sort();
    expect(seen).toEqual(users.flatMap((user) => [`${user} subscribed`, `${user} used`]).sort());
    const newCode = running[first === NewRelease ? 0 : 1];
    const topics = newCode ? inputsOf(newCode.runtime) : [];
    expect(topics.filter((topic) => topic === subscriptionStarted.topic)).toHaveLength(3);
  });
});
