import type { AnyContract } from '../contract.js';
import {
  contractProblems,
  publishedForm,
  removedProblems,
  type PublishedContract,
} from './contract-changes.js';

/** Name of the file that keeps a published contract: `service_down.v1.json`. */
export const publishedFileName = ({ type, version }: { type: string; version: number }): string =>
  `${type}.v${version}.json`;

/** What to write to keep the catalogue's contracts, and what forbids it. */
export interface Publication {
  /** Sentences; nothing may be written while there is one. */
  readonly problems: readonly string[];
  /** New files, and files whose contract changed in a way that breaks nobody, by name. */
  readonly contracts: ReadonlyMap<string, PublishedContract>;
  /** An event of each version that has none kept yet, by name: the contract's example. */
  readonly examples: ReadonlyMap<string, unknown>;
}

/** Compares a catalogue with what was published of it. `kept` names the files of the corpus. */
export function publicationOf(
  catalogue: ReadonlyMap<string, AnyContract>,
  published: readonly PublishedContract[],
  kept: ReadonlySet<string>,
): Publication {
  const contracts = [...catalogue.values()];
  const before = new Map(published.map((each) => [publishedFileName(each), JSON.stringify(each)]));
  const forms = contracts.map((each) => [publishedFileName(each), publishedForm(each)] as const);
  return {
    problems: [
      ...removedProblems(new Set(catalogue.keys()), published),
      ...contracts.flatMap((contract) => contractProblems(contract, published)),
    ],
    contracts: new Map(forms.filter(([name, form]) => before.get(name) !== JSON.stringify(form))),
    examples: new Map(
      contracts
        .map((each) => [publishedFileName(each), each.example as unknown] as const)
        .filter(([name]) => !kept.has(name)),
    ),
  };
}
