import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyTopics } from '@signalbox/agent-kit-kafka';
import type { KafkaConnection } from '@signalbox/config';
import { SignalboxError } from '@signalbox/errors';
import { readSource, readyMappingFor, sourceName, sourceTopics, type Source } from '@signalbox/sources';
import { providers, type ProviderRecord } from '@signalbox/webhooks';
import type { SourceDirs } from '../stack/stack-sources.js';
import { keyIdWith } from './key-id.js';
import { newSecret, writeSecret } from './new-secret.js';
import { renderRecord } from './render-record.js';

export interface AddOptions {
  /** The source's name; left out: the provider's. */
  readonly as?: string;
  readonly mapping: boolean;
  readonly quarantine: boolean;
  readonly eventTypes?: readonly string[];
  readonly network?: readonly string[];
  /** The secret, where the provider gives it. */
  readonly secret?: string;
}

export interface AddedSource {
  readonly source: Source;
  readonly record: string;
  readonly secretFile: string;
  /** The secret, when it was made here: to be entered at the provider. */
  readonly madeSecret?: string;
}

/** `house`: a system of one's own, which signs with the house scheme. */
export const house = 'house';

/** Writes record and secret of a new source. Throws `request_malformed` when there is one of that name, `not_found` for an unknown provider. */
export function addSource(what: string, options: AddOptions, dirs: SourceDirs, nowMs: number): AddedSource {
  const provider = what === house ? undefined : providerNamed(what);
  const name = requireName(options.as ?? (provider ? provider.name : undefined));
  const record = join(dirs.sourcesDir, `${name}.yaml`);
  if (existsSync(record)) {
    throw new SignalboxError('request_malformed', `There is a source ${name}: ${record}.`, {
      action: 'Give the new one another name with --as, or edit the file.',
    });
  }
  const keyId = keyIdWith(name, new Date(nowMs).toISOString().slice(0, 10));
  const mapping = options.mapping && provider ? readyMappingFor(provider.name) : undefined;
  const text = renderRecord({
    name,
    ...(provider ? { provider } : {}),
    ...(mapping ? { mapping } : {}),
    secretFile: name,
    keyId,
    ...(options.eventTypes ? { eventTypes: options.eventTypes } : {}),
    ...(options.network ? { networks: options.network } : {}),
    quarantine: options.quarantine,
  });
  const source = readSource(text, `${name}.yaml`);
  const secretFile = join(dirs.secretsDir, name);
  const madeSecret = provideSecret(source, secretFile, options.secret);
  mkdirSync(dirs.sourcesDir, { recursive: true });
  try {
    writeFileSync(record, text, { flag: 'wx' });
  } catch (error) {
    rmSync(record, { force: true });
    throw error;
  }
  return { source, record, secretFile, ...(madeSecret === undefined ? {} : { madeSecret }) };
}

/** Makes the topics of a source; safe to repeat. */
export async function makeTopics(
  source: Source,
  kafka: KafkaConnection,
  topics: { readonly partitions: number; readonly replication: number },
): Promise<readonly string[]> {
  const { created } = await applyTopics(kafka, sourceTopics([source]), topics);
  return created;
}

function providerNamed(name: string): ProviderRecord {
  const provider = providers.get(name);
  if (provider) return provider;
  throw new SignalboxError('not_found', `There is no ready provider ${name}.`, {
    action: `There are ${[...providers.keys()].join(', ')}; a system of your own is ${house}.`,
  });
}

function requireName(name: string | undefined): string {
  const parsed = sourceName.safeParse(name);
  if (parsed.success) return parsed.data;
  const why =
    name === undefined
      ? 'needs a name'
      : `cannot have the name ${name}: it ${parsed.error.issues[0]?.message ?? ''}`;
  throw new SignalboxError('request_malformed', `The source ${why}.`, { action: 'Name it with --as.' });
}

/**
 * Puts the given secret there, keeps the one that lies there, or makes a new one, which is returned. Throws
 * `request_malformed` where only the provider can give it.
 */
export function provideSecret(source: Source, path: string, given: string | undefined): string | undefined {
  if (given !== undefined) {
    writeSecret(path, given);
    return undefined;
  }
  if (existsSync(path) && readFileSync(path, 'utf8').trim() !== '') return undefined;
  const made = newSecret(source);
  if (made === undefined) {
    throw new SignalboxError(
      'request_malformed',
      `${source.provider?.title ?? source.name} gives the secret or public key itself.`,
      {
        action: `${source.provider?.secretForm ?? ''} Pass it with --secret-stdin.`.trim(),
      },
    );
  }
  writeSecret(path, made);
  return made;
}
