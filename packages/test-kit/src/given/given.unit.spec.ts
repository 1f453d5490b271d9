import {
  clearState,
  defineState,
  emit,
  note,
  setState,
  setTimer,
  type DecideInput,
  type Output,
  type TimerInput,
} from '@signalbox/agent-kit';
import { emailRequested, usageRecorded, userSignedUp, type DataOf } from '@signalbox/contracts';
import { FatalError } from '@signalbox/errors';
import { z } from 'zod';
import { event, timer } from './event.js';
import { ExpectationError } from './expectation-error.js';
import { given } from './given.js';
import { textMatching } from './match.js';

const counter = defineState({ kind: 'counter', schema: z.strictObject({ total: z.number().max(10) }) });
interface Counter {
  readonly total: number;
}
const usage = (quantity: number) =>
  event(usageRecorded, { user_id: 'usr-1', feature: 'export', quantity, unit: 'call' });

function count({
  state,
  event: { data },
}: DecideInput<Counter, DataOf<typeof usageRecorded>>): Output<Counter>[] {
  if (data.quantity === 0) return [note('nothing used')];
  if (data.quantity < 0) throw new FatalError('negative');
  return [setState({ total: (state?.total ?? 0) + data.quantity }), note('counted')];
}
const mail = {
  recipient_id: 'usr-1',
  to: 'a@example.com',
  subject: 'Hi',
  body_text: 'Hello,\n\nwelcome.',
  purpose: 'welcome',
};
const messageOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(ExpectationError);
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
};

describe('given.when.at.with.then', () => {
  it('accepts the decision it was told, and ignores notes it was not told', () => {
    given({ total: 2 }, counter)
      .when(usage(3))
      .with(count)
      .then(setState({ total: 5 }));
    given({ total: 2 }, counter)
      .when(usage(3))
      .with(count)
      .then(setState({ total: 5 }), note('counted'));
    given()
      .when(usage(3))
      .with(count)
      .then(setState({ total: 3 }));
    given({ total: 2 }).when(usage(0)).with(count).thenNothing();
  });

  it('shows the difference between expected and decided', () => {
    const message = messageOf(() =>
      given({ total: 2 })
        .when(usage(3))
        .with(count)
        .then(setState({ total: 6 })),
    );
    expect(message).toMatch(/-\s+"total": 6/);
    expect(message).toMatch(/\+\s+"total": 5/);
  });

  it('fails when an output is missing, superfluous or has another note', () => {
    const decided = given({ total: 2 }).when(usage(3)).with(count);
    expect(() => decided.then()).toThrow(ExpectationError);
    expect(() => decided.then(setState({ total: 5 }), clearState())).toThrow(ExpectationError);
    expect(() => decided.then(setState({ total: 5 }), note('other'))).toThrow(ExpectationError);
    expect(() => decided.thenNothing()).toThrow(ExpectationError);
  });

  it('gives the handler the state frozen and in its stored form, and leaves the original alone', () => {
    const state = { total: 1 };
    const write = (input: DecideInput<{ total: number }, unknown>): Output<Counter>[] => {
      input.state!.total += 1;
      return [];
    };
    expect(() => given(state).when(usage(1)).with(write).then()).toThrow(TypeError);
    expect(state).toEqual({ total: 1 });
    expect(Object.isFrozen(state)).toBe(false);
  });

  it('takes the time from at, else from the event, and the key from forKey, else from the contract', () => {
    const tell = ({ now, key }: DecideInput<never, unknown>): Output[] => [
      note(`${key.value} ${now.toISOString()}`),
    ];
    given().when(usage(1)).with(tell).then(note('usr-1 2026-04-05T12:00:00.000Z'));
    given()
      .when(usage(1))
      .at('2026-05-01T00:00:00Z')
      .forKey('k')
      .with(tell)
      .then(note('k 2026-05-01T00:00:00.000Z'));
    expect(() => given().when(usage(1)).at('tomorrow')).toThrow("'tomorrow' is no time");
  });

  it('shows the handler the neighbours it was given', () => {
    const look = ({ read }: DecideInput<never, unknown>): Output[] => [
      note(`${read(counter, 'a')?.total} ${read(counter, 'b')?.total}`),
    ];
    given().and(counter, 'a', { total: 7 }).when(usage(1)).with(look).then(note('7 undefined'));
  });

  it('takes a declared handler and holds its state against the schema', () => {
    const handler = {
      kind: 'decide' as const,
      name: 'count',
      contract: usageRecorded,
      state: counter,
      decide: count,
    };
    given({ total: 9 })
      .when(usage(1))
      .with(handler)
      .then(setState({ total: 10 }));
    const message = messageOf(() => given({ total: 9 }).when(usage(2)).with(handler).then());
    expect(message).toContain("the state 'counter' breaks its schema");
    expect(message).toContain('/total');
    expect(() => given({ total: 11 }, counter)).toThrow(z.ZodError);
  });
});

describe('checks of outputs', () => {
  const decides = (...outputs: Output<unknown>[]) =>
    given()
      .when(usage(1))
      .with(() => outputs);

  it('refuses an event that breaks its contract, with pointers', () => {
    const message = messageOf(() => decides(emit(emailRequested, { ...mail, to: 'nobody' })).thenNothing());
    expect(message).toContain('email.requested breaks its contract');
    expect(message).toContain('/to');
  });

  it.each([
    ['a Date in the state', setState({ at: new Date(0) }), '/at is a Date'],
    ['a NaN in the state', setState({ list: [1, NaN] }), '/list/1 is NaN'],
    ['a Map in a payload', setTimer('t', new Date(0), { map: new Map() }), '/map is a Map'],
    ['a NUL character', setState({ text: 'a\0b' }), '/text holds a NUL character'],
    ['an invalid due time', setTimer('t', new Date('x')), "timer 't' has no valid due time"],
    [
      'a payload that is too large',
      setTimer('t', new Date(0), 'x'.repeat(65_536)),
      'larger than 65536 bytes',
    ],
    ['a note that is too long', note('x'.repeat(1_001)), 'longer than 1000 characters'],
  ])('refuses %s', (_what, output, problem) => {
    expect(messageOf(() => decides(output).thenNothing())).toContain(problem);
  });

  it('refuses a handler that decides differently on the same input', () => {
    let calls = 0;
    const restless = (): Output[] => [note(`call ${(calls += 1)}`)];
    expect(messageOf(() => given().when(usage(1)).with(restless).thenNothing())).toContain('two decisions');
  });
});

describe('other expectations', () => {
  const signUp = event(userSignedUp, userSignedUp.example);
  const greet = (): Output[] => [emit(emailRequested, mail), note('greeted')];

  it('matches long texts by pattern', () => {
    given()
      .when(signUp)
      .with(greet)
      .then(emit(emailRequested, { ...mail, body_text: textMatching(/welcome/) }));
    const wrong = emit(emailRequested, { ...mail, body_text: textMatching(/farewell/) });
    expect(messageOf(() => given().when(signUp).with(greet).then(wrong))).toContain(
      'text matching /farewell/',
    );
    given()
      .when(signUp)
      .with(greet)
      .then(emit(emailRequested, expect.objectContaining({ subject: 'Hi' })));
  });

  it('finds outputs among others, and shows the most alike when one is missing', () => {
    const decided = given().when(signUp).with(greet);
    decided.thenIncludes(note('greeted'));
    decided.thenIncludes(note('greeted'), emit(emailRequested, mail));
    const message = messageOf(() => decided.thenIncludes(emit(emailRequested, { ...mail, subject: 'Bye' })));
    expect(message).toMatch(/- .*Bye/);
    expect(message).toMatch(/\+ .*Hi/);
    expect(messageOf(() => decided.thenIncludes(clearState()))).toContain('An output is missing');
  });

  it('lists emitted data by contract', () => {
    expect(given().when(signUp).with(greet).emitted(emailRequested)).toEqual([mail]);
    expect(given().when(signUp).with(greet).emitted(userSignedUp)).toEqual([]);
  });

  it('expects errors by code', () => {
    given().when(usage(-1)).with(count).thenThrows('handler_fatal');
    expect(messageOf(() => given().when(usage(-1)).with(count).thenThrows('internal'))).toContain(
      'got handler_fatal',
    );
    expect(messageOf(() => given().when(usage(1)).with(count).thenThrows('internal'))).toContain(
      'but the handler decided',
    );
    expect(() => given().when(usage(-1)).with(count).thenNothing()).toThrow(FatalError);
  });

  it('says so when it is awaited by mistake', async () => {
    const awaited = Promise.resolve(given().when(signUp).with(greet) as unknown);
    await expect(awaited).rejects.toThrow('no promise');
  });
});

describe('timers', () => {
  const remind = ({
    timer: fired,
    state,
    key,
    now,
  }: TimerInput<Counter, { step: number }>): Output<Counter>[] => [
    note(
      `${fired.name} ${fired.payload.step} of ${key.value} at ${now.toISOString()}, state ${state?.total}`,
    ),
  ];

  it('fires at its due time with payload, state and key', () => {
    const fired = timer('remind', { payload: { step: 2 }, dueAt: '2026-04-05T13:00:00Z', key: 'usr-1' });
    given({ total: 4 })
      .when(fired)
      .with(remind)
      .then(note('remind 2 of usr-1 at 2026-04-05T13:00:00.000Z, state 4'));
    given()
      .when(fired)
      .at('2026-04-05T14:00:00Z')
      .with({ state: counter, fire: remind })
      .then(note('remind 2 of usr-1 at 2026-04-05T14:00:00.000Z, state undefined'));
  });

  it('needs a time', () => {
    expect(() =>
      given({ total: 4 })
        .when(timer('remind', { payload: { step: 1 } }))
        .with(remind),
    ).toThrow('.at(time)');
  });
});
