import { SignalboxError } from '@signalbox/errors';
import type { Measured } from './result.js';
import type { BenchStack } from './stack.js';

/** A bench; it opens the stack only when it needs one. */
export type BenchFunction = (openStack: () => Promise<BenchStack>, quick: boolean) => Promise<Measured>;

export interface BenchArguments {
  readonly name: string;
  readonly bench: BenchFunction;
  readonly quick: boolean;
  readonly json: boolean;
  /** CPU profiles of our processes; the figures are then not for comparison. */
  readonly profile: boolean;
  /** The result becomes the one that `docs/benchmarks.md` shows. */
  readonly keep: boolean;
}

const known = ['--quick', '--json', '--profile', '--keep'];

/** Reads `<name> [--quick] [--json] [--profile] [--keep]`. Throws `config_invalid` that lists the benches. */
export function readArguments(
  args: readonly string[],
  benches: Readonly<Record<string, BenchFunction>>,
): BenchArguments {
  const flags = args.filter((argument) => argument.startsWith('-'));
  const names = args.filter((argument) => !argument.startsWith('-'));
  const usage = `npm run bench -- <${Object.keys(benches).join('|')}> [--quick] [--json] [--profile] [--keep]`;
  const strange = flags.find((flag) => !known.includes(flag));
  if (strange) throw new SignalboxError('config_invalid', `Unknown option ${strange}. Usage: ${usage}`);
  const [name = ''] = names;
  const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
  if (!bench || names.length > 1)
    throw new SignalboxError('config_invalid', `Name one bench. Usage: ${usage}`);
  const has = (flag: string): boolean => flags.includes(flag);
  const [quick, json, profile, keep] = [has('--quick'), has('--json'), has('--profile'), has('--keep')];
  if (keep && profile) {
    throw new SignalboxError(
      'config_invalid',
      'A profiled run is slower than it is: --keep goes without --profile.',
    );
  }
  return { name, bench, quick, json, profile, keep };
}
