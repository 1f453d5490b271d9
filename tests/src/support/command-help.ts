import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './repository.js';

/** Runs in a process of its own, from source: asks the command line for help on each list of words. */
const script = `
const { main } = require(process.argv[1]);
const ask = async (words) => {
  let text = '';
  const stream = { write: (part) => (text += part) };
  await main([...words, '--help'], new AbortController().signal, { stdout: stream, stderr: stream });
  return text;
};
(async () => {
  const answers = [];
  for (const words of JSON.parse(process.argv[2])) answers.push(await ask(words));
  process.stdout.write(JSON.stringify(answers));
})();
`;

/** The help text `signalbox <words> --help` prints, for each list of words. */
export function helpTexts(calls: readonly (readonly string[])[]): string[] {
  const flags = [
    '--conditions=@signalbox/source',
    '-r',
    join(root, 'infra/register-source.cjs'),
    '-e',
    script,
  ];
  const args = [...flags, join(root, 'packages/cli/src/main.ts'), JSON.stringify(calls)];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' })) as string[];
}

export interface CommandCall {
  /** Everything up to the first option, such as ['send', 'service_down']. */
  readonly words: readonly string[];
  readonly options: readonly string[];
}

/** The calls of the signalbox command in a line of shell. */
export function signalboxCalls(line: string): CommandCall[] {
  return line
    .split(/&&|\|\||;|\|/)
    .map((part) => /^\s*(?:\w+=\S+\s+)*(?:npx )?signalbox +(\S.*)$/.exec(part)?.[1])
    .filter((call) => call !== undefined)
    .map((call) => {
      const parts = call.trim().split(/\s+/);
      const firstOption = parts.findIndex((part) => part.startsWith('-'));
      const words = firstOption < 0 ? parts : parts.slice(0, firstOption);
      return { words, options: parts.filter((part) => /^--?[a-z]/.test(part)) };
    });
}

/** What is wrong with a call, given its help text; undefined when it is right. */
export function faultOf({ words, options }: CommandCall, help: string): string | undefined {
  const [, known = '', group] =
    /^Usage: signalbox ((?:[a-z-]+ )*)\[options\]( \[command\])?/m.exec(help) ?? [];
  const path = known.split(' ').filter((word) => word !== '');
  const asked = `signalbox ${[...words, ...options].join(' ')}`;
  const isKnown = path.every((word, at) => words[at] === word) && (!group || words.length === path.length);
  if (!isKnown) return `${asked}: no such command`;
  const unknown = options.filter((option) => option !== '--json' && !help.includes(option));
  return unknown.length > 0 ? `${asked}: no option ${unknown.join(', ')}` : undefined;
}
