import {
  cancelTimer,
  clearState,
  defineState,
  emit,
  note,
  setState,
  setTimer,
  type DecideInput,
  type Output,
} from '@signalbox/agent-kit';
import { emailRequested, usageRecorded, userSignedUp, type DataOf } from '@signalbox/contracts';
import { z } from 'zod';
import { event } from './event.js';
import { given } from './given.js';
import { difference, textMatching } from './match.js';
import { Story } from './story.js';

const counter = defineState({ kind: 'counter', schema: z.strictObject({ total: z.number() }) });
const usage = event(usageRecorded, { user_id: 'usr-1', feature: 'export', quantity: 1, unit: 'call' });
const mail = {
  recipient_id: 'usr-1',
  to: 'a@example.com',
  subject: 'Hi',
  body_text: 'Hello,\n\nwelcome.',
  purpose: 'welcome',
};
const dueAt = new Date('2026-04-05T13:00:00Z');
const decided = (...outputs: Output<unknown>[]) =>
  given()
    .when(usage)
    .with(() => outputs);
/** What a person reads when the test fails, without the empty ends of lines. */
const said = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was said');
};
const lines = (...all: readonly string[]): string => all.join('\n');

describe('what a person reads when a decision is another one', () => {
  it('is the whole of it, line by line, with what was expected and what was decided', () => {
    expect(said(() => decided(setState({ total: 5 })).then(setState({ total: 6 })))).toBe(
      lines(
        'Another decision (- expected, + decided):',
        '  [',
        '    {',
        '      "setState": {',
        '-       "total": 6',
        '+       "total": 5',
        '      }',
        '    }',
        '  ]',
      ),
    );
  });

  it.each<[string, Output<unknown>[], Output<unknown>[], string[]]>([
    [
      'an output too few',
      [],
      [clearState()],
      ['- ', '-   {', '-     "clearState": true', '-   }', '- ]', '+ []'],
    ],
    [
      'another timer',
      [setTimer('a', dueAt)],
      [setTimer('b', dueAt)],
      ['-     "setTimer": "b"', '+     "setTimer": "a"'],
    ],
    [
      'another time',
      [setTimer('a', dueAt)],
      [setTimer('a', new Date(0))],
      ['-     "dueAt": "1970-01-01T00:00:00.000Z"', '+     "dueAt": "2026-04-05T13:00:00.000Z"'],
    ],
    ['a timer that stays', [], [cancelTimer('a')], ['-     "cancelTimer": "a"']],
    [
      'another label',
      [emit(emailRequested, mail, { label: 'a' })],
      [emit(emailRequested, mail)],
      ['+     "label": "a"'],
    ],
    ['another note', [note('why')], [note('because')], ['-     "note": "because"', '+     "note": "why"']],
  ])('names %s', (_what, outputs, expected, parts) => {
    const message = said(() => decided(...outputs).then(...expected));
    for (const part of parts.filter((one) => one !== '- ')) expect(message).toContain(part);
  });

  it('shows a long text as lines of its own, so that the changed one stands out', () => {
    const other = { ...mail, body_text: 'Hello,\n\ngood bye.' };
    const message = said(() => decided(emit(emailRequested, mail)).then(emit(emailRequested, other)));
    expect(message.split('\n').filter((line) => /^[-+]/.test(line))).toEqual([
      expect.stringMatching(/^- +good bye\./) as string,
      expect.stringMatching(/^\+ +welcome\./) as string,
    ]);
  });

  it('shows what is no JSON instead of failing over it', () => {
    expect(said(() => decided(setState({ total: 1 })).then(setState({ total: 1n }) as never))).toContain(
      '"<1n>"',
    );
    expect(difference([Infinity], [1])).toContain('<Infinity>');
    expect(difference({ a: undefined }, {})).toBe('');
  });

  it.each<[string, unknown, string]>([
    ['any of a type', expect.any(String), '<Any<String>>'],
    ['anything', expect.anything(), '<Anything>'],
    ['a part of a text', expect.stringContaining('welcome'), '<StringContaining \\"welcome\\">'],
    ['a pattern', expect.stringMatching(/wel+come/), '<StringMatching /wel+come/>'],
    ['a part of an object', expect.objectContaining({ a: 1 }), '<ObjectContaining {\\"a\\":1}>'],
    ['a pattern of ours', textMatching(/hello/), '<text matching /hello/>'],
  ])('says what was asked for: %s', (_what, matcher, text) => {
    expect(difference({ found: matcher }, { found: null })).toContain(text);
  });

  it('is the most alike, or everything, when an output is missing among others', () => {
    const all = decided(emit(emailRequested, mail), note('why'));
    const message = said(() => all.thenIncludes(emit(emailRequested, { ...mail, to: 'b@example.com' })));
    expect(message).toContain('An output is missing (- expected, + the most alike):');
    expect(message).toContain('-     "to": "b@example.com"');
    expect(message).not.toContain('why');
    expect(said(() => all.thenIncludes(clearState()))).toContain('(- expected, + decided):');
  });

  it('is what was decided instead of an error', () => {
    expect(said(() => decided(clearState()).thenThrows('handler_fatal'))).toBe(
      lines(
        'Expected an error handler_fatal, but the handler decided:',
        '[',
        '  {',
        '    "clearState": true',
        '  }',
        ']',
      ),
    );
  });

  it('is the field of the contract that was broken, in which event', () => {
    const message = said(() => decided(emit(emailRequested, { ...mail, to: 'nobody' })).thenNothing());
    expect(message).toMatch(/^an emitted email\.requested breaks its contract: /);
    expect(message).toMatch(/\n {2}\/data\/to: \w/);
    expect(message).toContain('"emit": "email.requested"');
  });
});

describe('what a person reads when a story goes wrong', () => {
  type Used = DecideInput<{ total: number }, DataOf<typeof usageRecorded>>;
  const agent = (decide: (input: Used) => readonly Output<{ total: number }>[], more: object = {}) => ({
    name: 'counter',
    handlers: [
      { kind: 'decide' as const, name: 'count', contract: usageRecorded, state: counter, decide, ...more },
    ] as never,
  });
  const told = (decide: (input: Used) => readonly Output<{ total: number }>[], more: object = {}) =>
    said(() => new Story(agent(decide, more)).publish(usage));

  it.each<[string, () => string, string]>([
    [
      'an event nobody handles',
      () => said(() => new Story(agent(() => [])).publish(event(userSignedUp, userSignedUp.example))),
      'counter has no handler for user.signed_up',
    ],
    [
      'a snapshot that was not declared',
      () => told(({ read }) => (read(counter, 'usr-2'), [])),
      "'count' reads counter/usr-2, which its reads do not name",
    ],
    ['a loop', () => told(() => [emit(usageRecorded, usage.envelope.data)]), 'the agent feeds itself'],
    [
      'a timer without a handler',
      () =>
        said(() => {
          const story = new Story(agent(() => [setTimer('end', dueAt)]));
          story.publish(usage);
          story.advanceTo('2026-04-06T00:00:00Z');
        }),
      "no handler for timer 'end' of counter",
    ],
    [
      'a time before its first event',
      () => said(() => new Story(agent(() => [])).now),
      'no time before its first',
    ],
    [
      'a step back',
      () =>
        said(() =>
          new Story(
            agent(() => []),
            dueAt,
          ).advanceBy(-1),
        ),
      'the clock of a story does not go back',
    ],
    [
      'state that breaks its schema',
      () => told(() => [setState({ total: 'one' as never })]),
      "the state 'counter' breaks its schema:\n  /total: ",
    ],
  ])('names %s', (_what, message, part) => expect(message()).toContain(part));

  it('is the time at which a timer sets itself without end', () => {
    const endless = {
      kind: 'timer',
      name: 'again',
      timer: 'again',
      state: counter,
      fire: ({ now }: { now: Date }) => [setTimer('again', now)],
    };
    const { handlers } = agent(({ now }) => [setTimer('again', now)]);
    const story = new Story({ name: 'counter', handlers: [...(handlers as never[]), endless] as never });
    story.publish(usage);
    expect(said(() => story.advanceBy(1))).toBe("timer 'again' sets itself without end");
  });
});
