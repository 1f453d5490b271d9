import { cancelTimer, clearState, defineState, note, setState, setTimer } from '@signalbox/agent-kit';
import { z } from 'zod';
import { StoryMemory, type Writer } from './story-memory.js';

const counter = defineState({ kind: 'counter', schema: z.strictObject({ total: z.number() }) });
const other = defineState({ kind: 'other', schema: z.strictObject({ total: z.number() }) });
const writer = (key: string, kind = 'counter'): Writer => ({
  kind,
  key,
  setBy: 'e-1',
  correlationId: 'story',
});
const at = (second: number): Date => new Date(second * 1_000);

describe('states', () => {
  it('are kept per kind and key, frozen and apart from what was written', () => {
    const memory = new StoryMemory();
    const written = { total: 1 };
    memory.apply(writer('a'), [setState(written)]);
    memory.apply(writer('a', 'other'), [setState({ total: 2 })]);
    written.total = 99;
    expect(memory.state(counter, 'a')).toEqual({ total: 1 });
    expect(memory.state(other, 'a')).toEqual({ total: 2 });
    expect(memory.state(counter, 'b')).toBeUndefined();
    expect(Object.isFrozen(memory.state(counter, 'a'))).toBe(true);
  });

  it('are replaced and cleared, and other outputs leave them', () => {
    const memory = new StoryMemory();
    memory.apply(writer('a'), [setState({ total: 1 }), setState({ total: 2 }), note('twice')]);
    expect(memory.state(counter, 'a')).toEqual({ total: 2 });
    memory.apply(writer('a'), [clearState()]);
    expect(memory.state(counter, 'a')).toBeUndefined();
  });

  it('of keys that look alike are not mixed up', () => {
    const memory = new StoryMemory();
    memory.apply(writer('b","c', 'a'), [setState({ total: 1 })]);
    expect(memory.state({ kind: 'a","b' }, 'c')).toBeUndefined();
  });
});

describe('timers', () => {
  it('wait in the order of their due times', () => {
    const memory = new StoryMemory();
    memory.apply(writer('a'), [setTimer('late', at(30)), setTimer('early', at(10))]);
    memory.apply(writer('b'), [setTimer('middle', at(20), { step: 1 })]);
    expect(memory.timers().map(({ name }) => name)).toEqual(['early', 'middle', 'late']);
    expect(memory.timers()[1]).toEqual({
      kind: 'counter',
      key: 'b',
      name: 'middle',
      dueAt: at(20),
      payload: { step: 1 },
      setBy: 'e-1',
      correlationId: 'story',
    });
  });

  it('are taken once, and not before they are due', () => {
    const memory = new StoryMemory();
    memory.apply(writer('a'), [setTimer('t', at(10))]);
    expect(memory.takeDue(at(9.999))).toBeUndefined();
    expect(memory.takeDue(at(10))?.name).toBe('t');
    expect(memory.takeDue(at(10))).toBeUndefined();
  });

  it('are moved and cancelled by name, each key its own', () => {
    const memory = new StoryMemory();
    for (const key of ['a', 'b']) memory.apply(writer(key), [setTimer('t', at(10))]);
    memory.apply(writer('a'), [setTimer('t', at(50))]);
    memory.apply(writer('b'), [cancelTimer('t'), cancelTimer('unknown')]);
    expect(memory.timers().map(({ key, dueAt }) => [key, dueAt])).toEqual([['a', at(50)]]);
  });
});
