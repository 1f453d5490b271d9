import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { SignalboxError } from '@signalbox/errors';
import type { WebhookSecret } from '@signalbox/webhooks';
import { secretVariable, type Source } from '../record/source.js';
import type { SecretReference } from '../record/secret-reference.js';

const secretBytesMax = 65_536;
/** The variable whose secrets count for every source of the house scheme without its own. */
export const defaultSecretVariable = 'WEBHOOK_SECRET';

/** Where references lead. */
export interface SecretPlaces {
  /** The value of a variable; undefined when it is not set. */
  readonly variable: (name: string) => string | undefined;
  /** Folder of relative files. */
  readonly secretsDir: string;
}

/** The secrets of a source as they are now. Throws `config_invalid` that names what is missing, never a value. */
export function resolveSecrets(source: Source, places: SecretPlaces): readonly WebhookSecret[] {
  if (source.references) return resolveReferences(source.references, source.name, places);
  const own = secretVariable(source.name);
  const values = listIn(own, places);
  if (values.length > 0) return named(source.name, values);
  const common = source.scheme === 'house' ? listIn(defaultSecretVariable, places) : [];
  if (common.length > 0) return named('default', common);
  const instead = source.scheme === 'house' ? `, or ${defaultSecretVariable} for all sources` : '';
  throw missing(own, `is required${instead}`);
}

/** What references lead to, in their order. Throws `config_invalid` as `resolveSecrets`. */
export function resolveReferences(
  references: readonly SecretReference[],
  name: string,
  places: SecretPlaces,
): readonly WebhookSecret[] {
  const found: WebhookSecret[] = [];
  for (const reference of references) {
    const values = 'env' in reference ? listIn(reference.env, places) : [fileSecret(reference.file, places)];
    if (values.length === 0 && 'env' in reference) throw missing(reference.env, 'is not set');
    for (const [at, value] of values.entries()) {
      const { keyId, from, until } = reference;
      const given = keyId === undefined || at === 0 ? keyId : `${keyId}-${at + 1}`;
      found.push({
        keyId: given ?? numbered(name, found.length),
        value,
        ...(from === undefined ? {} : { activeFromMs: Date.parse(from) }),
        ...(until === undefined ? {} : { activeUntilMs: Date.parse(until) }),
      });
    }
  }
  return found;
}

/** The file of a reference, where relative ones lie in the folder of secrets. */
export const secretFile = (file: string, { secretsDir }: Pick<SecretPlaces, 'secretsDir'>): string =>
  isAbsolute(file) ? file : join(secretsDir, file);

function fileSecret(file: string, places: SecretPlaces): string {
  const path = secretFile(file, places);
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch (error) {
    throw missing(path, `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'})`);
  }
  if (content.length > secretBytesMax) throw missing(path, `is larger than ${secretBytesMax} bytes`);
  const value = content.toString('utf8').replace(/\r?\n$/, '');
  if (value === '') throw missing(path, 'is empty');
  return value;
}

function listIn(variable: string, { variable: valueOf }: SecretPlaces): string[] {
  const text = valueOf(variable);
  if (text === undefined || text === '') return [];
  const values = text.split(',').map((entry) => entry.trim());
  if (values.some((value) => value === '')) throw missing(variable, 'must not hold an empty entry');
  return values;
}

const numbered = (name: string, at: number): string => (at === 0 ? name : `${name}-${at + 1}`);
const named = (name: string, values: readonly string[]): WebhookSecret[] =>
  values.map((value, at) => ({ keyId: numbered(name, at), value }));

function missing(pointer: string, message: string): SignalboxError {
  return new SignalboxError('config_invalid', `${pointer}: ${message}`, { pointers: [{ pointer, message }] });
}
