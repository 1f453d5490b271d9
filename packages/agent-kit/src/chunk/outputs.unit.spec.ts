import { decodeEvent, defineContract, defineInternalContract, emailRequested } from '@signalbox/contracts';
import { z } from 'zod';
import { agent, cause, counter, keyRow, mail } from '../../test/agent.js';
import { cancelTimer, clearState, emit, note, setState, setTimer, type Output } from '../outputs.js';
import { KeyCell } from './key-cells.js';
import { applyOutputs, type Firing } from './outputs.js';

const key = counter.key('usr-1');

function apply(outputs: readonly Output<unknown>[], cell = new KeyCell(keyRow())) {
  return { cell, applied: applyOutputs(outputs, cause, { key, cell, state: counter }, agent) };
}
const codeOf = (outputs: readonly Output<unknown>[]): unknown => {
  try {
    apply(outputs);
    return undefined;
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
};

describe('applyOutputs', () => {
  it('makes an event that continues the story of its cause', () => {
    const { applied, cell } = apply([emit(emailRequested, mail('usr-1'))]);
    const [event] = applied.events;
    expect(event).toMatchObject({ topic: 'email.requested', record: { key: Buffer.from('usr-1') } });
    const { value, headers } = event?.record ?? { value: null, headers: {} };
    const read = decodeEvent({
      value,
      headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)])),
      timestampMs: 0,
    });
    expect(read).toMatchObject({
      timestamp: '2026-04-05T12:00:01.000Z',
      metadata: { source_service: 'greeter', correlation_id: 'story-1', causation_id: 'evt-1', hops: 3 },
    });
    expect(cell.emitted).toBe(true);
  });

  it('gives the same ids whenever it is repeated', () => {
    const outputs = [emit(emailRequested, mail('usr-1')), emit(emailRequested, mail('usr-2'))];
    expect(apply(outputs).applied.emitted).toEqual(apply(outputs).applied.emitted);
  });

  it('tells equal outputs apart by their place, others by key or label, not by their order', () => {
    const idsOf = (outputs: readonly Output<unknown>[]) =>
      apply(outputs).applied.emitted.map((one) => one.event_id);
    const first = emit(emailRequested, mail('usr-1'), { label: 'first' });
    const second = emit(emailRequested, mail('usr-1'), { label: 'second' });
    expect(idsOf([first, second])).toEqual(idsOf([second, first]).reverse());
    expect(new Set(idsOf([emit(emailRequested, mail('a')), emit(emailRequested, mail('a'))])).size).toBe(2);
  });

  it('keeps state, timers and the note', () => {
    const dueAt = new Date('2026-04-06T00:00:00Z');
    const { applied, cell } = apply([
      setState({ total: 1 }),
      setTimer('remind', dueAt),
      cancelTimer('old'),
      note('why'),
    ]);
    expect(cell.write()).toMatchObject({ state: '{"total":1}', changed: true, emitted: false });
    expect(applied.timers).toMatchObject([
      {
        action: 'set',
        name: 'remind',
        dueAt,
        setBy: { eventId: 'evt-1', correlationId: 'story-1', hops: 2 },
      },
      { action: 'cancel', name: 'old' },
    ]);
    expect(applied.note).toBe('why');
  });

  const foreign = defineContract({
    type: 'foreign.made',
    owner: 'x',
    summary: 'Not in the catalogue.',
    schema: z.looseObject({ id: z.string() }),
    keyField: 'id',
    example: { id: '1' },
  });
  const undeclared = defineInternalContract('greeter', {
    type: 'greeter.thought',
    summary: 'Internal, and not declared by the agent.',
    schema: z.looseObject({ id: z.string() }),
    keyField: 'id',
    example: { id: '1' },
  });

  it.each<[string, string, readonly Output<unknown>[]]>([
    ['an event outside the catalogue', 'output_invalid', [emit(foreign, { id: '1' })]],
    ['an internal event the agent does not declare', 'output_invalid', [emit(undeclared, { id: '1' })]],
    [
      'an event that breaks its contract',
      'output_invalid',
      [emit(emailRequested, { ...mail('a'), to: 'nobody' })],
    ],
    ['state that breaks its schema', 'output_invalid', [setState({ total: 'one' })]],
    ['a timer without a time', 'output_invalid', [setTimer('remind', new Date(Number.NaN))]],
    ['a timer without a proper name', 'output_invalid', [setTimer('', new Date(0))]],
    [
      'a timer with too much to carry',
      'output_invalid',
      [setTimer('remind', new Date(0), 'x'.repeat(65_536))],
    ],
    ['too many outputs', 'output_invalid', Array.from({ length: 1_001 }, () => note('x'))],
    ['no list', 'output_invalid', undefined as unknown as Output<unknown>[]],
  ])('refuses %s', (_what, code, outputs) => {
    expect(codeOf(outputs)).toBe(code);
  });
});

describe('outputs at their bounds', () => {
  const now = cause.now.getTime();
  const at = (ms: number) => new Date(now + ms);
  const chain = (inHour: number): Firing => ({
    name: 'remind',
    next: { length: inHour, inHour, hourFromMs: now },
  });
  const fired = (outputs: readonly Output<unknown>[], firing: Firing) =>
    applyOutputs(outputs, { ...cause, firing }, { key, cell: new KeyCell(keyRow()), state: counter }, agent);

  it.each<[string, Output<unknown>, boolean]>([
    ['itself within a second', setTimer('remind', at(999)), false],
    ['itself in the past', setTimer('remind', at(-60_000)), false],
    ['itself after a second', setTimer('remind', at(1_000)), true],
    ['another timer at once', setTimer('other', at(0)), true],
  ])('a firing that sets %s', (_what, output, isTaken) => {
    const set = () => fired([output], chain(1)).timers.length;
    if (isTaken) expect(set()).toBe(1);
    else expect(set).toThrow(expect.objectContaining({ code: 'output_invalid' }) as Error);
  });

  it.each([
    [99, true],
    [100, false],
  ])('a chain of %i firings within an hour may set another timer: %s', (inHour, isTaken) => {
    const set = () => fired([setTimer('other', at(60_000))], chain(inHour)).timers.length;
    if (isTaken) expect(set()).toBe(1);
    else expect(set).toThrow(`a chain of ${inHour} firings within an hour`);
  });

  it('tell the timers of a firing how long their chain is, those of an event nothing', () => {
    const firing = chain(3);
    const [first, second] = fired([setTimer('a', at(1_000)), setTimer('b', at(1_000))], firing).timers;
    expect(first).toMatchObject({ setBy: { eventId: 'evt-1', chain: firing.next } });
    expect(second).toMatchObject({ setBy: { chain: firing.next } });
    expect(apply([setTimer('a', at(0))]).applied.timers[0]).not.toHaveProperty('setBy.chain');
  });

  it.each([
    ['a letter', 'a', true],
    ['all that is allowed', 'A1._:-z', true],
    ['a hundred characters', 'x'.repeat(100), true],
    ['one more', 'x'.repeat(101), false],
    ['a dot in front', '.a', false],
    ['two words', 'two words', false],
    ['another alphabet', 'über', false],
  ])('a timer may be called by %s: %s', (_what, name, isTaken) => {
    expect(codeOf([setTimer(name, at(0))])).toBe(isTaken ? undefined : 'output_invalid');
  });

  it('take 64 KiB with a timer, counted in bytes', () => {
    const quotes = 2;
    expect(codeOf([setTimer('remind', at(0), 'x'.repeat(65_536 - quotes))])).toBeUndefined();
    expect(codeOf([setTimer('remind', at(0), 'é'.repeat(32_768))])).toBe('output_invalid');
    const nothing = setTimer('remind', at(0), undefined);
    expect(apply([nothing]).applied.timers).toMatchObject([{ payload: null }]);
  });

  it('are a thousand at most, and a note at most a thousand characters, the last one counting', () => {
    expect(codeOf(Array.from({ length: 1_000 }, () => note('x')))).toBeUndefined();
    const { applied } = apply([note('first'), note('y'.repeat(1_001))]);
    expect(applied.note).toBe('y'.repeat(1_000));
  });

  it('are refused when an event is larger than a topic takes', () => {
    const huge = { ...mail('usr-1'), body: 'x'.repeat(1_048_576) };
    expect(['event_too_large', 'output_invalid']).toContain(codeOf([emit(emailRequested, huge)]));
    const wide = { ...mail('usr-1'), anything: 'x'.repeat(1_048_576) };
    expect(codeOf([emit(emailRequested, wide)])).toBe('event_too_large');
  });

  it.each<[string, unknown]>([
    ['what is no output', { kind: 'email' }],
    ['a promise', Promise.resolve([])],
  ])('are refused when they hold %s', (_what, output) => {
    expect(codeOf([output as Output<unknown>])).toBe('output_invalid');
  });

  it('are no state for a handler that declares none', () => {
    const target = { key, cell: new KeyCell(keyRow()), state: undefined };
    expect(() => applyOutputs([setState({ total: 1 })], cause, target, agent)).toThrow('declares no state');
    expect(() => applyOutputs([note('fine')], cause, target, agent)).not.toThrow();
  });

  it('say in which field an event breaks its contract', () => {
    const thrown = (() => {
      try {
        return apply([emit(emailRequested, { ...mail('a'), to: 'nobody' })]);
      } catch (error) {
        return error;
      }
    })();
    expect(thrown).toMatchObject({
      message: expect.stringContaining("emitted 'email.requested' breaks its contract") as string,
      pointers: [expect.objectContaining({ pointer: '/data/to' })],
    });
  });

  it('replace and forget state in their order', () => {
    const stored = keyRow({ state: '{"total":1}', stateVersion: 1 });
    const stateAfter = (...outputs: Output<unknown>[]) => apply(outputs, new KeyCell(stored)).cell;
    expect(stateAfter(setState({ total: 2 }), clearState()).read(counter)).toBeUndefined();
    expect(stateAfter(clearState(), setState({ total: 2 })).read(counter)).toEqual({ total: 2 });
    // Back to what is stored: nothing is to be written.
    expect(stateAfter(setState({ total: 2 }), setState({ total: 1 })).write()).toBeUndefined();
    expect(stateAfter(clearState()).write()).toMatchObject({ state: null, changed: true });
  });
});
