import { SignalboxError } from '@signalbox/errors';
import { isMap, isSeq, parseDocument, type Document, type YAMLMap, type YAMLSeq } from 'yaml';
import { readSource } from './read-source.js';
import type { SecretReference } from './secret-reference.js';
import type { Source } from './source.js';

export interface Rotation {
  /** File of the new secret, as the record is to name it. */
  readonly file: string;
  readonly keyId: string;
  /** First moment at which the new secret counts. */
  readonly from: Date;
  /** First moment at which the old ones no longer count; not before `from`. */
  readonly until: Date;
  /** Where the secret of a record without `secrets` is. */
  readonly implied?: SecretReference;
}

export interface RotatedRecord {
  /** The record's new text: comments and all other fields as they were. */
  readonly text: string;
  readonly source: Source;
  /** Old references that still count for a while, and those that were over already and are left out now. */
  readonly ending: readonly SecretReference[];
  readonly dropped: readonly SecretReference[];
}

/**
 * A record with a further secret, beside which the old ones count until `until` at the latest. Throws `config_invalid`
 * for a bad record, `request_malformed` when one of its secrets begins to count only later: that is a rotation under way.
 */
export function rotateSecret(text: string, file: string, rotation: Rotation): RotatedRecord {
  const { from, until, implied, keyId } = rotation;
  const { references: named, name } = readSource(text, file);
  const old = named ?? (implied ? [implied] : []);
  const coming = old.find((reference) => msOf(reference.from, -Infinity) >= from.getTime());
  if (coming)
    throw new SignalboxError('request_malformed', `A secret of ${name} counts only from ${coming.from} on.`, {
      action: `Rotate when it does, or take it out of ${file}.`,
    });
  const isOver = ({ until: end }: SecretReference): boolean => msOf(end, Infinity) <= from.getTime();
  const document = parseDocument(text, { stringKeys: true });
  const secrets = secretsOf(document, old);
  for (const [at, reference] of [...old.entries()].reverse()) {
    if (isOver(reference) || until.getTime() <= from.getTime()) secrets.delete(at);
    else if (msOf(reference.until, Infinity) > until.getTime())
      ownItem(document, secrets, at, reference).set('until', timeText(until));
  }
  const node = document.createNode({ file: rotation.file, keyId, from: timeText(from) }, { flow: true });
  secrets.add(node);
  const rotated = document.toString({ lineWidth: 0 });
  const isLast = until.getTime() <= from.getTime();
  return {
    text: rotated,
    source: readSource(rotated, file),
    ending: isLast ? [] : old.filter((reference) => !isOver(reference)),
    dropped: isLast ? old : old.filter(isOver),
  };
}

/** The list of secrets in the document; made where the record had none. */
function secretsOf(document: Document.Parsed, old: readonly SecretReference[]): YAMLSeq {
  const known: unknown = document.get('secrets', true);
  if (isSeq(known)) return known;
  const made = document.createNode(old);
  for (const item of made.items) if (isMap(item)) item.flow = true;
  document.set('secrets', made);
  return made;
}

/** The place of a secret in the list; what an alias names belongs to others too and is written out. */
function ownItem(
  document: Document.Parsed,
  secrets: YAMLSeq,
  at: number,
  reference: SecretReference,
): YAMLMap {
  const item: unknown = secrets.items[at];
  if (isMap(item)) return item;
  const made = document.createNode(reference, { flow: true }) as YAMLMap;
  secrets.items[at] = made;
  return made;
}

const msOf = (time: string | undefined, otherwise: number): number =>
  time === undefined ? otherwise : Date.parse(time);

/** To the second: nobody reads milliseconds in a record. */
const timeText = (time: Date): string => time.toISOString().replace(/\.\d+Z$/, 'Z');
