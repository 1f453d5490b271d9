import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SignalboxError } from '@signalbox/errors';
import {
  defaultSecretVariable,
  readSource,
  rotateSecret,
  secretVariable,
  type RotatedRecord,
  type Source,
} from '@signalbox/sources';
import type { SourceDirs } from '../stack/stack-sources.js';
import { keyIdWith } from './key-id.js';
import { provideSecret } from './add-source.js';

/** For how long the old secrets count beside the new one. */
export const overlapDaysDefault = 7;
export const overlapDaysMax = 365;
const DAY_MS = 86_400_000;

export interface RotateOptions {
  /** 0 to 365 days; 0: the old secrets end at once. */
  readonly overlapDays: number;
  /** The new secret, where the provider gives it. */
  readonly secret?: string;
  /** The value of a variable, to know where a record without `secrets` has its own. */
  readonly variable: (name: string) => string | undefined;
}

export interface RotatedSource extends Omit<RotatedRecord, 'text'> {
  readonly record: string;
  readonly secretFile: string;
  readonly keyId: string;
  /** First moment at which the old secrets no longer count. */
  readonly until: Date;
  /** The secret, when it was made here: to be handed over. */
  readonly madeSecret?: string;
}

/**
 * Makes a new secret for a source and puts it into its record, beside the old ones, which count until the overlap is
 * over. Throws `not_found` without such a record, and what `rotateSecret` throws; then nothing was changed.
 */
export function rotateSource(
  name: string,
  { overlapDays, secret, variable }: RotateOptions,
  dirs: SourceDirs,
  nowMs: number,
): RotatedSource {
  const record = join(dirs.sourcesDir, `${name}.yaml`);
  if (!existsSync(record)) throw noSource(name);
  const text = readFileSync(record, 'utf8');
  const from = new Date(nowMs);
  const until = new Date(nowMs + overlapDays * DAY_MS);
  const before = readSource(text, `${name}.yaml`);
  const keyId = freeKeyId(before, from, dirs);
  const implied = impliedVariable(before, variable);
  const rotation = { file: keyId, keyId, from, until, ...(implied ? { implied: { env: implied } } : {}) };
  const { text: rotated, ...rest } = rotateSecret(text, `${name}.yaml`, rotation);
  const secretFile = join(dirs.secretsDir, keyId);
  const madeSecret = provideSecret(rest.source, secretFile, secret);
  replaceFile(record, rotated);
  const made = madeSecret === undefined ? {} : { madeSecret };
  return { ...rest, record, secretFile, keyId, until, ...made };
}

export const noSource = (name: string): SignalboxError =>
  new SignalboxError('not_found', `There is no source ${name}.`, {
    action: 'See `npx signalbox sources list`.',
  });

/** `<name>-<day>`, with a number behind it for the second of a day; names the file as well. */
function freeKeyId({ name, references = [] }: Source, from: Date, { secretsDir }: SourceDirs): string {
  const day = from.toISOString().slice(0, 10);
  const known = new Set(references.map(({ keyId }) => keyId));
  for (let n = 1; ; n += 1) {
    const tail = n === 1 ? day : `${day}-${n}`;
    const keyId = keyIdWith(name, tail);
    if (!known.has(keyId) && !existsSync(join(secretsDir, keyId))) return keyId;
  }
}

/** The variable that holds the secret of a record that names none. */
function impliedVariable(
  { name, scheme, references }: Source,
  variable: RotateOptions['variable'],
): string | undefined {
  if (references) return undefined;
  const candidates = [secretVariable(name), ...(scheme === 'house' ? [defaultSecretVariable] : [])];
  return candidates.find((candidate) => (variable(candidate) ?? '') !== '');
}

/** At once, so that a gateway that watches never reads half of it. */
function replaceFile(path: string, text: string): void {
  const beside = `${path}.new`;
  try {
    writeFileSync(beside, text);
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}
