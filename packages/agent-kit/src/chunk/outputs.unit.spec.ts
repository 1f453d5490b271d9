import { decodeEvent, defineContract, defineInternalContract, emailRequested } from '@signalbox/contracts';
import { z } from 'zod';
import { agent, cause, counter, keyRow, mail } from '../../test/agent.js';
import { cancelTimer, emit, note, setState, setTimer, type Output } from '../outputs.js';
import { KeyCell } from './key-cells.js';
import { applyOutputs } from './outputs.js';

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
