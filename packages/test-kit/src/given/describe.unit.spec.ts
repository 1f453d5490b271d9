import { cancelTimer, clearState, emit, note, setState, setTimer } from '@signalbox/agent-kit';
import { usageRecorded } from '@signalbox/contracts';
import { describeOutput } from './describe.js';

describe('describeOutput', () => {
  const data = usageRecorded.example;
  const dueAt = new Date(0);

  it.each([
    [emit(usageRecorded, data), { emit: 'usage.recorded', data }],
    [emit(usageRecorded, data, { label: 'second' }), { emit: 'usage.recorded', label: 'second', data }],
    [setState({ a: 1 }), { setState: { a: 1 } }],
    [clearState(), { clearState: true }],
    [setTimer('t', dueAt, { b: 2 }), { setTimer: 't', dueAt, payload: { b: 2 } }],
    [setTimer('t', dueAt), { setTimer: 't', dueAt, payload: null }],
    [cancelTimer('t'), { cancelTimer: 't' }],
    [note('why'), { note: 'why' }],
  ])('%#', (output, plain) => expect(describeOutput(output)).toEqual(plain));
});
