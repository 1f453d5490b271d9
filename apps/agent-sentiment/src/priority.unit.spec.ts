import { higherOf, oneHigher, priorityOf, priorityTable, severityOf } from './priority.js';

it.each([
  [-1, true, 'urgent'],
  [-0.9, true, 'urgent'],
  [-0.9, false, 'high'],
  [-0.85, true, 'high'],
  [-0.85, false, 'normal'],
  [-0.5, true, 'high'],
  [-0.49, true, 'normal'],
  [-0.49, false, 'low'],
  [1, true, 'normal'],
] as const)('score %d, action asked for: %s → %s', (score, action, priority) =>
  expect(priorityOf(score, action)).toBe(priority),
);

it('never makes a worse score less urgent, nor a request for action', () => {
  for (const [index, row] of priorityTable.entries()) {
    const better = priorityTable[index + 1];
    expect(higherOf(row.actionRequired, row.otherwise)).toBe(row.actionRequired);
    if (!better) continue;
    expect(row.scoreMax).toBeLessThan(better.scoreMax);
    expect(higherOf(row.actionRequired, better.actionRequired)).toBe(row.actionRequired);
    expect(higherOf(row.otherwise, better.otherwise)).toBe(row.otherwise);
  }
});

it('goes up a step at a time and stays at the top', () => {
  expect((['low', 'normal', 'high', 'urgent'] as const).map(oneHigher)).toEqual([
    'normal',
    'high',
    'urgent',
    'urgent',
  ]);
  expect(severityOf.urgent).toBe('critical');
});
