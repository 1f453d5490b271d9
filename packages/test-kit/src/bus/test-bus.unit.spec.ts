import { alertRaised, emailFailed, emailRequested, emailSent, userSignedUp } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import {
  greeter,
  guest,
  later,
  mailer,
  monday,
  remindAfterMs,
  signUp,
  subscribe,
  use,
} from '../../test/greeter.js';
import { HttpReceiver } from '../receivers/http-receiver.js';
import { TestBus, type TestBusOptions } from './test-bus.js';

const open = (more: Partial<TestBusOptions> = {}): Promise<TestBus> =>
  TestBus.open({ agents: [greeter], startsAt: monday, ...more });
const purposes = (bus: TestBus): string[] => bus.emitted(emailRequested).map(({ purpose }) => purpose);

describe('a bus', () => {
  it('handles what is published, each event once, and shows state, events and timers', async () => {
    const bus = await open();
    await bus.publish(signUp('ada'), signUp('ada'), use('ada', 'export'));
    await bus.publish(signUp('ada'));
    expect(bus.state('greeter', guest, 'ada')).toEqual({ uses: ['export'], sent: 0, reminded: false });
    expect(bus.state('greeter', guest, 'ben')).toBeUndefined();
    expect(bus.events(userSignedUp)).toHaveLength(1);
    expect(bus.events(emailRequested)).toMatchObject([
      { timestamp: monday, metadata: { source_service: 'greeter', causation_id: 'sign-up ada', hops: 1 } },
    ]);
    expect(bus.timers()).toMatchObject([
      { kind: 'guest', key: 'ada', name: 'remind', dueAt: new Date(later(remindAfterMs)) },
    ]);
  });

  it('fires a timer at its time and not a millisecond before, and a cancelled one never', async () => {
    const bus = await open();
    await bus.publish(signUp('ada'), signUp('ben'));
    await bus.advance(remindAfterMs - 1);
    expect(purposes(bus)).toEqual(['welcome', 'welcome']);
    await bus.publish(subscribe('ben', bus.now.toISOString()));
    await bus.advance(1);
    expect(purposes(bus)).toEqual(['welcome', 'welcome', 'reminder']);
    await bus.advance('365d');
    expect(purposes(bus)).toHaveLength(3);
    expect(await bus.advanceToNextDue()).toBe(false);
  });

  it('moves on to the time of what is published, never back, and fires what is due on the way', async () => {
    const bus = await open();
    await bus.publish(signUp('ada'));
    await bus.publish(use('ada', 'export', later(2 * remindAfterMs)));
    expect(bus.now).toEqual(new Date(later(2 * remindAfterMs)));
    expect(bus.events(emailRequested).at(-1)?.timestamp).toBe(later(remindAfterMs));
    await bus.publish(use('ada', 'import', monday));
    expect(bus.now).toEqual(new Date(later(2 * remindAfterMs)));
  });
});

describe('what fails on a bus', () => {
  it('is tried again at its times, and holds up the later events of its key alone', async () => {
    const bus = await open();
    await bus.publish(use('ada', 'after 66000'), use('ada', 'export'), use('ben', 'export'));
    expect(bus.state('greeter', guest, 'ben')?.uses).toEqual(['export']);
    expect(bus.waiting('greeter')).toMatchObject([
      {
        kind: 'retry',
        handler: 'used',
        attempts: 1,
        dueAt: new Date(later(5_000)),
        errorCode: 'handler_failed',
      },
      { kind: 'parked', key: 'ada', attempts: 0, dueAt: undefined },
    ]);
    expect(await bus.advanceToNextDue()).toBe(true);
    expect(bus.waiting()).toMatchObject([
      { attempts: 2, dueAt: new Date(later(65_000)) },
      { kind: 'parked' },
    ]);
    await bus.advance('60s');
    expect(bus.waiting()).toMatchObject([
      { attempts: 3, dueAt: new Date(later(665_000)) },
      { kind: 'parked' },
    ]);
    await bus.advance('10m');
    expect(bus.waiting()).toEqual([]);
    expect(bus.state('greeter', guest, 'ada')?.uses).toEqual(['after 66000', 'export']);
  });

  it('is a dead letter after six attempts, at once when nothing can help, and somebody hears of it', async () => {
    const bus = await open();
    await bus.publish(use('ada', 'fatal'), use('ben', 'never'), use('ben', 'export'));
    expect(bus.deadLetters()).toMatchObject([
      { agent: 'greeter', handler: 'used', key: 'ada', errorCode: 'handler_fatal', attempts: 1 },
    ]);
    expect(bus.emitted(alertRaised)).toHaveLength(1);
    await bus.advance('1d');
    expect(bus.deadLetters('greeter')).toMatchObject([
      { key: 'ada' },
      { key: 'ben', errorCode: 'handler_failed', errorMessage: 'Error: never works', attempts: 6 },
    ]);
    expect(bus.state('greeter', guest, 'ben')?.uses).toEqual(['export']);
  });
});

describe('a connector beside the agent', () => {
  it('acts under one key however often it must try, and its result comes back to the agent', async () => {
    const calls: string[] = [];
    const post = async (_mail: unknown, { idempotencyKey }: { idempotencyKey: string }): Promise<void> => {
      calls.push(idempotencyKey);
      if (calls.length < 3) throw new SignalboxError('outbound_failed', 'the post office is closed');
    };
    const bus = await open({ agents: [greeter, mailer(post)] });
    await bus.publish(signUp('ada'));
    expect(bus.waiting('mailer')).toMatchObject([
      { kind: 'job', attempts: 1, dueAt: new Date(later(5_000)) },
    ]);
    await bus.advance('2m');
    expect(bus.emitted(emailSent)).toMatchObject([{ recipient_id: 'ada', sent_at: later(65_000) }]);
    expect([calls.length, new Set(calls).size]).toEqual([3, 1]);
    expect(bus.state('greeter', guest, 'ada')?.sent).toBe(1);
  });

  it('gives up after six attempts and tells so', async () => {
    const bus = await open({ agents: [greeter, mailer(() => Promise.reject(new Error('closed')))] });
    await bus.publish(signUp('ada'));
    await bus.advance('1d');
    expect(bus.emitted(emailFailed)).toMatchObject([{ recipient_id: 'ada' }, { recipient_id: 'ada' }]);
    expect(bus.deadLetters()).toMatchObject([{ agent: 'mailer', attempts: 6 }, { agent: 'mailer' }]);
  });

  it('gets real time for a real call before virtual time passes for it', async () => {
    const office = await HttpReceiver.start(() => ({ status: 200 }));
    const post = async (mail: unknown): Promise<void> => {
      await fetch(office.origin, { method: 'POST', body: JSON.stringify(mail) });
    };
    const bus = await open({ agents: [greeter, mailer(post)], callMsMax: 30_000 });
    await bus.publish(signUp('ada'));
    await office.close();
    expect(office.requests.all).toHaveLength(1);
    expect(bus.emitted(emailSent)).toMatchObject([{ recipient_id: 'ada', sent_at: monday }]);
  });
});

describe('a run', () => {
  const tell = async (bus: TestBus): Promise<unknown> => {
    await bus.publish(signUp('ada'), signUp('ben'));
    await bus.publish(use('ada', 'after 5000'), use('ben', 'never'));
    await bus.advance('1d');
    return [bus.effects(), bus.events(emailRequested)];
  };

  it('follows from its seed', async () => {
    const [first, again] = [await tell(await open({ seed: 3 })), await tell(await open({ seed: 3 }))];
    expect(again).toEqual(first);
  });

  it('goes on after processes die and groups are dealt out anew', async () => {
    const calm = await tell(await open());
    const bus = await open({ processes: 2, partitions: 3 });
    await bus.crash('greeter');
    await bus.publish(signUp('ada'), signUp('ben'));
    await bus.publish(use('ada', 'after 5000'), use('ben', 'never'));
    await bus.crash('greeter');
    await bus.rebalance('greeter');
    await bus.advance('1d');
    expect(bus.effects()).toEqual((calm as unknown[])[0]);
  });
});

describe('a bus refuses', () => {
  it('times that are none, or past', async () => {
    const bus = await open();
    await expect(async () => bus.advance('-1s' as never)).rejects.toThrow('no span of time');
    await expect(async () => bus.advance(1.5)).rejects.toThrow('no span of time');
    await expect(bus.advanceTo('soon')).rejects.toThrow('no time');
    await expect(bus.advanceTo(later(-1))).rejects.toThrow('does not go back');
  });

  it('agents it does not know, or that are declared wrongly', async () => {
    const bus = await open();
    expect(() => bus.state('greter', guest, 'ada')).toThrow(
      "no agent 'greter' on this bus; there are: greeter",
    );
    await expect(open({ agents: [{ ...greeter, name: 'Greeter!' }] })).rejects.toMatchObject({
      code: 'agent_declaration_invalid',
    });
  });
});
