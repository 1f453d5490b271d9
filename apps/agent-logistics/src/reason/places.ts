import type { Network, Passage } from '../network/network.js';

/** Lower case, without accents, blanks as one space: `Göteborg` becomes `goteborg`. */
export const foldText = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim();

// A place behind one of these is where goods go or come from, not where the trouble is. `due to` is no direction.
const onTheWay =
  /(\b(via|through|towards?|onto|bound for|destined for|destination|heading for|from)|(?<!\b(due|owing|thanks|damage|access|closed|related)) to)( the)?( (sea)?ports?)?( of)? $/;

/**
 * The LOCODEs of the ports a sentence names as disturbed: by LOCODE (upper case, `NLRTM` or `NL RTM`), name or alias
 * as whole words in any case and with or without accents; with `wholeCountry` also all ports of a country it names
 * when no port is named.
 */
export function namedPlaces(sentence: string, network: Network, wholeCountry: boolean): string[] {
  const folded = foldText(sentence);
  const ports = [...network.ports.values()];
  const byName = ports.filter(
    (port) =>
      hasLocode(sentence, port.locode) ||
      [port.name, ...port.aliases].some((name) => isDisturbed(folded, name)),
  );
  const mentions = ports.some((port) =>
    [port.name, ...port.aliases].some((name) => wordPattern(name).test(folded)),
  );
  if (byName.length > 0 || mentions || !wholeCountry) return byName.map((port) => port.locode);
  const countries = network.countries.filter(({ names }) => names.some((name) => isDisturbed(folded, name)));
  const codes = new Set(countries.map((country) => country.code));
  return ports.filter((port) => codes.has(port.country)).map((port) => port.locode);
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
  const pattern = new RegExp(`(?<![A-Z0-9])${locode.slice(0, 2)} ?${locode.slice(2)}(?![A-Z0-9])`, 'g');
  return [...sentence.matchAll(pattern)].some(
    (match) => !onTheWay.test(foldText(`${sentence.slice(0, match.index)}|`).slice(0, -1)),
  );
}

function isDisturbed(folded: string, name: string): boolean {
  return [...folded.matchAll(wordPattern(name))].some(
    (match) => !onTheWay.test(folded.slice(0, match.index)),
  );
}

function wordPattern(name: string): RegExp {
  const escaped = foldText(name).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'gu');
}
