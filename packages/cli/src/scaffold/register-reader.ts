import { SignalboxError } from '@signalbox/errors';

/** A contract's file with one more agent in its list of consumers, in the order of the alphabet. */
export const withReader = (text: string, agent: string): string => withName(text, 'consumers', agent);

/** The same with its list of publishers. */
export const withPublisher = (text: string, agent: string): string => withName(text, 'publishers', agent);

function withName(text: string, which: 'consumers' | 'publishers', agent: string): string {
  const list = new RegExp(`^( +${which}: )\\[([^\\]]*)\\],$`, 'm');
  const found = list.exec(text);
  if (found) {
    const names = new Set([...(found[2] ?? '').matchAll(/'([^']+)'/g)].map(([, name]) => name ?? ''));
    const all = [...names.add(agent)].sort().map((name) => `'${name}'`);
    return text.replace(list, () => `${found[1]}[${all.join(', ')}],`);
  }
  const before = (which === 'publishers' && /^( +)consumers: /m.exec(text)) || /^( +)summary: /m.exec(text);
  if (!before) {
    throw new SignalboxError('config_invalid', `A contract without a summary: where do its ${which} belong?`);
  }
  return `${text.slice(0, before.index)}${before[1]}${which}: ['${agent}'],\n${text.slice(before.index)}`;
}

/** Where the contract of an event type is declared. */
export const contractPath = (type: string): string =>
  `packages/contracts/src/events/${type.replace(/[._]/g, '-')}.ts`;
