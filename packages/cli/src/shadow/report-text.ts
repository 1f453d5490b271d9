import { printable } from '../format/printable.js';
import type { Change, Difference, FieldChange, ShadowReport } from './model.js';

const valueCharsMax = 120;

/** The report for people: each event that differs, then the sum. */
export function reportText({ agent, compared, differing, summary, differences }: ShadowReport): string {
  const sums = Object.entries(summary)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `  ${count} × ${name.replaceAll('_', ' ').replace(/^(\w+ \w+) /, '$1: ')}`);
  const head = `${agent}: ${compared} decisions compared, ${differing} differ.`;
  return [...differences.map(differenceText), head, ...sums].join('\n');
}

function differenceText({ at, eventType, eventId, handler, changes }: Difference): string {
  const title = `${at}  ${eventType}  ${printable(eventId, 255)}  ${handler}`;
  return [title, ...changes.flatMap(changeLines), ''].join('\n');
}

function changeLines(change: Change): string[] {
  switch (change.kind) {
    case 'not_decided':
      return ['  - production decided on it, the working copy does not meet it'];
    case 'newly_decided':
      return [`  + only the working copy decides on it: ${[change.outcome, ...change.outputs].join(', ')}`];
    case 'outcome':
      return [`  - ${change.production}`, `  + ${change.shadow}`];
    case 'output_missing':
      return [`  - ${change.eventType}  ${change.eventId}`];
    case 'output_added':
      return [`  + ${change.eventType}  ${change.eventId}`];
    case 'output_changed':
      return [`  ~ ${change.eventType}  ${change.eventId}`, ...change.fields.flatMap(fieldLines)];
    case 'state_change':
      return [`  ~ ${change.shadow ? 'changes its state now' : 'changes its state no more'}`];
  }
}

const fieldLines = ({ pointer, production, shadow }: FieldChange): string[] => [
  `      ${pointer || '/'}`,
  `      - ${valueText(production)}`,
  `      + ${valueText(shadow)}`,
];

const valueText = (value: unknown): string =>
  value === undefined ? '(nothing)' : printable(JSON.stringify(value), valueCharsMax);
