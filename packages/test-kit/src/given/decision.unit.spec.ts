import { cancelTimer, emit, note, setState, setTimer, type Output } from '@signalbox/agent-kit';
import { usageRecorded } from '@signalbox/contracts';
import { FatalError, RetryAfterError, type ErrorCode } from '@signalbox/errors';
import { decideTwice } from './decide-twice.js';
import { Decision } from './decision.js';
import { ExpectationError } from './expectation-error.js';

const decided = <S>(...outputs: Output<S>[]): Decision<S> => new Decision(() => outputs);
const failing = (error: Error): Decision<never> =>
  new Decision(() => {
    throw error;
  });

describe('then', () => {
  it('minds the order of outputs', () => {
    const both = decided<{ a: number }>(setState({ a: 1 }), cancelTimer('t'));
    both.then(setState({ a: 1 }), cancelTimer('t'));
    expect(() => both.then(cancelTimer('t'), setState({ a: 1 }))).toThrow(ExpectationError);
  });

  it('compares labels and due times', () => {
    const data = usageRecorded.example;
    const labelled = decided(emit(usageRecorded, data, { label: 'a' }));
    expect(() => labelled.then(emit(usageRecorded, data))).toThrow('"label": "a"');
    const timed = decided(setTimer('t', new Date(1)));
    expect(() => timed.then(setTimer('t', new Date(2)))).toThrow('1970-01-01T00:00:00.002Z');
  });

  it('passes on what the handler threw', () => {
    expect(() => failing(new RangeError('too far')).then()).toThrow(RangeError);
  });
});

describe('thenIncludes', () => {
  it('finds outputs in any order, and says which is missing', () => {
    const three = decided(note('a'), cancelTimer('t'), note('b'));
    three.thenIncludes(note('b'), note('a'));
    expect(() => three.thenIncludes(cancelTimer('u'))).toThrow('"cancelTimer": "u"');
  });
});

describe('thenThrows', () => {
  it.each<[Error, ErrorCode]>([
    [new FatalError('no'), 'handler_fatal'],
    [new FatalError('no', { code: 'action_not_allowed' }), 'action_not_allowed'],
    [new RetryAfterError('later', 1_000), 'handler_failed'],
    [new TypeError('bug'), 'handler_failed'],
  ])('knows the code of %s', (error, code) => failing(error).thenThrows(code));

  it('does not take a failed expectation for an error of the handler', () => {
    expect(() => failing(new ExpectationError('broken output')).thenThrows('handler_failed')).toThrow(
      'broken output',
    );
  });

  it('shows what was decided instead', () => {
    expect(() => decided(note('fine')).thenThrows('internal')).toThrow('"note": "fine"');
  });
});

describe('decideTwice', () => {
  it('hands back the first decision', () => {
    const outputs = [note('same')];
    expect(decideTwice(() => outputs)).toBe(outputs);
  });

  it('shows in what the two differ', () => {
    let count = 0;
    const run = (): Output[] => [setTimer('t', new Date((count += 1)))];
    expect(() => decideTwice(run)).toThrow(/-.*00\.001Z[^]*\+.*00\.002Z/);
  });
});
