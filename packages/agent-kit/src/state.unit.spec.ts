import { z } from 'zod';
import { defineState } from './state.js';

const schema = z.object({});

describe('defineState', () => {
  it('names keys of its kind', () => {
    expect(defineState({ kind: 'trial', schema }).key('usr-1')).toEqual({ kind: 'trial', value: 'usr-1' });
  });

  it.each(['', 'Trial', '1st', 'a'.repeat(64), 'a_b'])('refuses the kind %p', (kind) => {
    expect(() => defineState({ kind, schema })).toThrow(
      expect.objectContaining({ code: 'agent_declaration_invalid' }),
    );
  });

  it('asks for a way up from every older version', () => {
    const upcasters = { 1: (old: unknown) => old };
    expect(() => defineState({ kind: 'trial', version: 3, schema, upcasters })).toThrow('from version 2');
    expect(defineState({ kind: 'trial', version: 2, schema, upcasters }).version).toBe(2);
  });
});
