import { SignalboxError } from '@signalbox/errors';

/** A contract's file with one more agent in its list of consumers, in the order of the alphabet. */
export function withReader(text: string, agent: string): string {
  const list = /^( +consumers: )\[([^\]]*)\],$/m;
  const found = list.exec(text);
  if (found) {
    const names = new Set([...(found[2] ?? '').matchAll(/'([^']+)'/g)].map(([, name]) => name ?? ''));
    const all = [...names.add(agent)].sort().map((name) => `'${name}'`);
    return text.replace(list, () => `${found[1]}[${all.join(', ')}],`);
  }
  const before = /^( +)summary: /m.exec(text);
  if (!before) {
    throw new SignalboxError(
      'config_invalid',
      'A contract without a summary: where do its consumers belong?',
    );
  }
  return `${text.slice(0, before.index)}${before[1]}consumers: ['${agent}'],\n${text.slice(before.index)}`;
}

/** Where the contract of an event type is declared. */
export const contractPath = (type: string): string =>
  `packages/contracts/src/events/${type.replace(/[._]/g, '-')}.ts`;
