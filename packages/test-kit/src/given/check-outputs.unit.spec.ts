import { cancelTimer, clearState, emit, note, setState, setTimer, type Output } from '@signalbox/agent-kit';
import { trialConverted, usageRecorded, type EventEnvelope } from '@signalbox/contracts';
import { z } from 'zod';
import { checkOutputs, type Emit } from './check-outputs.js';
import { event } from './event.js';

const envelopeOf = ({ contract, data }: Emit): EventEnvelope => event(contract, data as object).envelope;
const check = (...outputs: Output<unknown>[]): void => checkOutputs(outputs, envelopeOf);

describe('checkOutputs', () => {
  it('accepts every kind of output within its bounds', () => {
    check(
      emit(usageRecorded, usageRecorded.example),
      setState({ total: 1 }),
      clearState(),
      setTimer('t', new Date(0), 'x'.repeat(65_000)),
      cancelTimer('t'),
      note('x'.repeat(1_000)),
    );
  });

  it('names every bad field of an emitted event', () => {
    const bad = { ...trialConverted.example, user_id: '', usage: { a: 'many' } };
    expect(() => check(emit(trialConverted, bad as never))).toThrow(/\/user_id[^]*\/usage\/a/);
  });

  it('does not let an emitted number turn into null', () => {
    const bad = { ...usageRecorded.example, extra: NaN };
    expect(() => check(emit(usageRecorded, bad))).toThrow('/extra is NaN');
  });

  it('holds the state against the schema it is given', () => {
    const state = { kind: 'tally', schema: z.strictObject({ list: z.array(z.string()) }) };
    checkOutputs([setState({ list: ['a'] })], envelopeOf, state);
    expect(() => checkOutputs([setState({ list: ['a', 1] })], envelopeOf, state)).toThrow(
      /the state 'tally' breaks its schema:\n {2}\/list\/1: /,
    );
  });

  it('passes on what is no fault of the output', () => {
    const broken = (): EventEnvelope => {
      throw new RangeError('the test itself is wrong');
    };
    expect(() => checkOutputs([emit(usageRecorded, usageRecorded.example)], broken)).toThrow(RangeError);
  });
});
