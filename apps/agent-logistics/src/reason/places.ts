import type { Network, Passage } from '../network/network.js';

/** Lower case, without accents, blanks as one space: `Göteborg` becomes `goteborg`. */
export const foldText = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim();

// A place behind one of these is where goods go or come from, not where the trouble is. `due to` is no direction.
const onTheWay =
  /(\b(via|through|towards?|onto|bound for|destined for|destination|heading for|from)|(?<!\b(due|owing|thanks|damage|access|closed|related)) to)( the)?( (sea)?ports?)?( of)? $/;

/** A port or a country with its names in folded text. */
interface Named {
  readonly code: string;
  readonly country: string;
  readonly names: readonly string[];
}

/** Names folded once per network: a reason is held against hundreds of them. */
const folded = new WeakMap<
  Network,
  { readonly ports: readonly Named[]; readonly countries: readonly Named[] }
>();

function namesOf(network: Network) {
  const known = folded.get(network);
  if (known) return known;
  const ports = [...network.ports.values()].map(({ locode: code, country, name, aliases }) => ({
    code,
    country,
    names: [name, ...aliases].map(foldText),
  }));
  const countries = network.countries.map(({ code, names }) => ({
    code,
    country: code,
    names: names.map(foldText),
  }));
  const all = { ports, countries };
  folded.set(network, all);
  return all;
}

/**
 * The LOCODEs of the ports a sentence names as disturbed: by LOCODE (upper case, `NLRTM` or `NL RTM`), name or alias
 * as whole words in any case and with or without accents; with `wholeCountry` also all ports of a country it names
 * when no port is named.
 */
export function namedPlaces(sentence: string, network: Network, wholeCountry: boolean): string[] {
  const text = foldText(sentence);
  const { ports, countries } = namesOf(network);
  const mentioned = ports.filter(({ names }) => names.some((name) => placesOf(text, name).length > 0));
  const byName = ports.filter(
    (port) => hasLocode(sentence, port.code) || (mentioned.includes(port) && isDisturbed(text, port)),
  );
  if (byName.length > 0 || mentioned.length > 0 || !wholeCountry) return byName.map((port) => port.code);
  const codes = new Set(
    countries.filter((country) => isDisturbed(text, country)).map((country) => country.code),
  );
  return ports.filter((port) => codes.has(port.country)).map((port) => port.code);
}

const passages: readonly (readonly [Passage, RegExp])[] = [
  ['suez', /\b(suez|red sea|bab[ -]el[ -]mandeb)\b/],
  ['panama', /\bpanama canal\b/],
  ['hormuz', /\b(hormuz|persian gulf)\b/],
];

/** The passages a sentence in folded text names. */
export const namedPassages = (folded: string): Passage[] =>
  passages.filter(([, pattern]) => pattern.test(folded)).map(([name]) => name);

function hasLocode(sentence: string, locode: string): boolean {
  if (!sentence.includes(locode.slice(2))) return false;
  const pattern = new RegExp(`(?<![A-Za-z0-9])${locode.slice(0, 2)} ?${locode.slice(2)}(?![A-Za-z0-9])`, 'g');
  // The bar keeps the last blank, which folding would cut off.
  return [...sentence.matchAll(pattern)].some(
    (match) => !onTheWay.test(foldText(`${sentence.slice(0, match.index)}|`).slice(0, -1)),
  );
}

const isDisturbed = (text: string, { names }: Named): boolean =>
  names.some((name) => placesOf(text, name).some((at) => !onTheWay.test(text.slice(0, at))));

/** Where a name stands in the text as a word of its own. */
function placesOf(text: string, name: string): number[] {
  if (!text.includes(name)) return [];
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'gu');
  return [...text.matchAll(pattern)].map((match) => match.index);
}
