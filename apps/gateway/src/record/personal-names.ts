import { personalFields, type AnyContract } from '@signalbox/contracts';

const ofContract = new WeakMap<AnyContract, ReadonlySet<string>>();
const ofContracts = new WeakMap<ReadonlyMap<string, AnyContract>, ReadonlySet<string>>();

/**
 * Names of members that the contract of a payload marks as personal: they stay out of records. A payload that does not say
 * which of the contracts it means loses what any of them marks.
 */
export function personalNames(
  contracts: ReadonlyMap<string, AnyContract>,
  payload: unknown,
): ReadonlySet<string> {
  const type = (payload as { readonly event_type?: unknown } | null | undefined)?.event_type;
  const contract = typeof type === 'string' ? contracts.get(type) : undefined;
  if (contract) return namesOf(contract);
  let names = ofContracts.get(contracts);
  if (!names) {
    names = new Set([...contracts.values()].flatMap((each) => [...namesOf(each)]));
    ofContracts.set(contracts, names);
  }
  return names;
}

function namesOf(contract: AnyContract): ReadonlySet<string> {
  let names = ofContract.get(contract);
  if (!names) {
    // `receiver.name`, `signed_by[].initials`: the last step is the member's name.
    names = new Set(personalFields(contract).map((path) => path.split('.').at(-1) ?? path));
    ofContract.set(contract, names);
  }
  return names;
}
