import type { AnyContract } from '../contract.js';
import { contractJsonSchema, type JsonSchema } from '../json-schema.js';
import { breakingChanges, type Breaks, type SchemaChange } from './schema-changes.js';

/** A contract as it was published: what others build on. One is kept for each event type and version, for ever. */
export interface PublishedContract {
  readonly type: string;
  readonly version: number;
  readonly topic: string;
  readonly keyField: string;
  readonly schema: JsonSchema;
}

/** What of a contract is a promise to others. */
export function publishedForm(contract: AnyContract): PublishedContract {
  const { type, version, topic, keyField } = contract;
  return { type, version, topic, keyField, schema: contractJsonSchema(contract) };
}

const consequence: Readonly<Record<Breaks, string>> = {
  'old-records': 'events published before would be refused',
  'old-readers':
    'code that runs with the contract of before would refuse new events, or miss what it relies on',
};

/**
 * The sentences that say why a contract must not change like this, each naming the field and the consumers; empty when
 * nobody is broken. `published` are the contracts of before, of every version; without the contract's own version the
 * contract is new and breaks nobody.
 */
export function contractProblems(
  contract: AnyContract,
  published: readonly PublishedContract[],
): readonly string[] {
  const ofType = published.filter(({ type }) => type === contract.type);
  const newest = Math.max(0, ...ofType.map(({ version }) => version));
  if (contract.version < newest) {
    return [`${contract.type}: version ${newest} was published, version ${contract.version} is older.`];
  }
  const same = ofType.find(({ version }) => version === contract.version);
  const moved = ofType.flatMap((old) => placeProblems(contract, old));
  if (!same) return moved;
  return [...moved, ...breakingChanges(same.schema, contractJsonSchema(contract)).map(sentence(contract))];
}

/** The event types that were published and are not in the catalogue any more, as sentences. */
export function removedProblems(
  types: ReadonlySet<string>,
  published: readonly PublishedContract[],
): readonly string[] {
  const gone = new Set(published.map(({ type }) => type).filter((type) => !types.has(type)));
  return [...gone].map(
    (type) =>
      `${type}: is gone. Records of it are still in topics: keep the contract, or retire its topic first.`,
  );
}

const readers = ({ consumers, owner }: AnyContract): string =>
  consumers.length === 0 ? `its readers (ask ${owner})` : consumers.join(', ');

const sentence =
  (contract: AnyContract) =>
  ({ field, what, breaks }: SchemaChange): string =>
    `${contract.type} version ${contract.version}: ${field === '' ? 'the data' : `/${field}`} ${what}; ${consequence[breaks]}. ` +
    `That breaks ${readers(contract)}: make it version ${contract.version + 1} with an upcaster from ${contract.version}.`;

/** Topic and key decide where an event is and in which order: no version may change them. */
function placeProblems(contract: AnyContract, old: PublishedContract): string[] {
  const changed = (['topic', 'keyField'] as const).filter((name) => contract[name] !== old[name]);
  return changed.map(
    (name) =>
      `${contract.type}: its ${name === 'topic' ? 'topic' : 'key'} was ${old[name]}, is ${contract[name]}; events of one entity ` +
      `would lose their order for ${readers(contract)}. Give the new one another event type.`,
  );
}
