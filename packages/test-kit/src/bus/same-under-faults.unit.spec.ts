import { setState, type AnyHandler, type DecideInput, type Output } from '@signalbox/agent-kit';
import { emailSent, usageRecorded } from '@signalbox/contracts';
import { greeter, guest, later, mailer, monday, signUp, subscribe, use } from '../../test/greeter.js';
import type { BusAgent } from './bus-agent.js';
import { sameUnderFaults } from './same-under-faults.js';
import type { TestBus } from './test-bus.js';

const story = async (bus: TestBus): Promise<void> => {
  await bus.publish(signUp('ada'), signUp('ben'), signUp('cyd'));
  await bus.publish(use('ada', 'after 5000'), use('ada', 'export'), use('cyd', 'fatal'));
  await bus.publish(subscribe('ben', later(60_000)));
  await bus.advance('5h');
};

describe('a story that is told again and again', () => {
  it('ends in the same effects whatever is repeated, reordered, lost or killed', async () => {
    const keys = new Map<string, Set<string>>();
    const post = async (
      { recipient_id, purpose }: { recipient_id: string; purpose: string },
      { idempotencyKey }: { idempotencyKey: string },
    ): Promise<void> => {
      const mail = `${recipient_id} ${purpose}`;
      keys.set(mail, (keys.get(mail) ?? new Set()).add(idempotencyKey));
    };
    const agents = [greeter, mailer(post)];
    await sameUnderFaults({ agents, startsAt: monday }, async (bus) => {
      await story(bus);
      expect(bus.emitted(emailSent)).toHaveLength(5);
    });
    expect([...keys.values()].map(({ size }) => size)).toEqual([1, 1, 1, 1, 1]);
  }, 180_000);

  it('counts how often handlers run: twice at least where everything is delivered and committed twice', async () => {
    const runs: number[] = [];
    const handlers = greeter.handlers.map((handler) =>
      handler.kind === 'decide'
        ? {
            ...handler,
            decide: (input: DecideInput<unknown, unknown>) => {
              runs[runs.length - 1] = (runs.at(-1) ?? 0) + 1;
              return handler.decide(input);
            },
          }
        : handler,
    ) as AnyHandler[];
    await sameUnderFaults({ agents: [{ ...greeter, handlers }], startsAt: monday }, async (bus) => {
      runs.push(0);
      await bus.publish(signUp('ada'));
      await bus.publish(use('ada', 'export'));
    });
    const [calm, twice = 0] = runs;
    expect(calm).toBe(2);
    expect(twice).toBeGreaterThanOrEqual(4);
  });

  it('says with what a story ends in other effects', async () => {
    let calls = 0;
    const forgetful = (): Output<object>[] => [
      setState({ uses: [String((calls += 1))], sent: 0, reminded: false }),
    ];
    const agent: BusAgent = {
      name: 'forgetful',
      handlers: [
        { kind: 'decide', name: 'used', contract: usageRecorded, state: guest, decide: forgetful },
      ] as never,
    };
    const isTold = sameUnderFaults({ agents: [agent] }, (bus) => bus.publish(use('ada', 'export')));
    await expect(isTold).rejects.toThrow(
      /Other effects with everything delivered and committed twice[^]*- +"1"/,
    );
  });

  it('passes on what the story itself expects, and says with what it failed', async () => {
    let runs = 0;
    const isTold = sameUnderFaults({ agents: [greeter] }, async () => {
      if ((runs += 1) === 3) throw new Error('two mails');
    });
    await expect(isTold).rejects.toThrow('with 1 partitions and 1 processes: two mails');
    // Runners of tests show this.
    const { stack } = (await isTold.catch((error: unknown) => error)) as Error;
    expect(stack).toMatch(/^Error: with 1 partitions and 1 processes: two mails\n +at /);
  });
});
