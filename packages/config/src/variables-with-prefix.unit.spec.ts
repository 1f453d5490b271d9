import { variablesWithPrefix } from './variables-with-prefix.js';

it('lists set variables of a family once, those from files too', () => {
  const env = { HOOK_B: 'x', HOOK_A_FILE: '/run/a', HOOK_A: 'x', HOOK_C: '', OTHER: 'x', HOOK_D: undefined };
  expect(variablesWithPrefix('HOOK_', env)).toEqual(['HOOK_A', 'HOOK_B']);
});

it('lists at most 100', () => {
  const env = Object.fromEntries(Array.from({ length: 150 }, (_, n) => [`HOOK_${n}`, 'x']));
  expect(variablesWithPrefix('HOOK_', env)).toHaveLength(100);
});

it('does not take the file of the variable before the prefix for a member', () => {
  expect(variablesWithPrefix('HOOK_', { HOOK_FILE: '/run/hook' })).toEqual([]);
});
