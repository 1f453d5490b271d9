import { createNamespace } from './namespace.js';

describe('createNamespace', () => {
  it('puts a prefix on names on the wire and takes it off again', () => {
    const space = createNamespace('test-1');
    expect(space.toWire('lead.qualified')).toBe('test-1.lead.qualified');
    expect(space.fromWire('test-1.lead.qualified')).toBe('lead.qualified');
    expect(space.partitionToWire({ topic: 'a', partition: 2, offset: 5n })).toEqual({
      topic: 'test-1.a',
      partition: 2,
      offset: 5n,
    });
    expect(space.partitionFromWire({ topic: 'test-1.a', partition: 2 })).toEqual({
      topic: 'a',
      partition: 2,
    });
  });

  it('knows its own topics from those of a namespace that begins alike', () => {
    const space = createNamespace('test');
    expect(space.owns('test.a')).toBe(true);
    expect(space.owns('test-1.a')).toBe(false);
    expect(space.fromWire('test-1.a')).toBe('test-1.a');
  });

  it('leaves names as they are without a name', () => {
    const space = createNamespace(undefined);
    const place = { topic: 'a', partition: 0 };
    expect([space.toWire('a'), space.fromWire('a'), space.owns('anything')]).toEqual(['a', 'a', true]);
    expect(space.partitionToWire(place)).toBe(place);
  });

  it.each(['', 'UPPER', '-first', 'dots.inside', 'x'.repeat(33)])('refuses the name %p', (name) => {
    expect(() => createNamespace(name)).toThrow(expect.objectContaining({ code: 'config_invalid' }));
  });
});
