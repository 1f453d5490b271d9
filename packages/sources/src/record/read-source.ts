import { SignalboxError } from '@signalbox/errors';
import { providers, type ProviderRecord } from '@signalbox/webhooks';
import { compileMapping, type CompiledRule } from '../mapping/compile-mapping.js';
import { readyMappings } from '../ready/ready-mappings.js';
import { readFields, refuse, type FieldProblem, type ReadFields } from './read-fields.js';
import { contractsOf, type Source, type SourceForm } from './source.js';
import type { SourceFields } from './source-record.js';

/** Reads one record. Throws `config_invalid` with file, line and field for everything that is wrong with it. */
export function readSource(text: string, file: string): Source {
  const read = readFields(text, file);
  const problems: FieldProblem[] = [];
  const report = (path: readonly (string | number)[], why: string): void =>
    void problems.push({ line: read.lineOf(path), field: path.join('.'), why });
  const source = complete(read.fields, file, report, read);
  if (problems.length > 0) throw refuse(file, problems);
  return source;
}

type Report = (path: readonly (string | number)[], why: string) => void;

function complete(fields: SourceFields, file: string, report: Report, read: ReadFields): Source {
  if (`${fields.name}.yaml` !== fileName(file))
    report(['name'], `must be the name of its file, ${fileName(file)}`);
  const provider = providerOf(fields, report);
  const isProvider =
    provider !== undefined || fields.mapping !== undefined || fields.eventTypes === undefined;
  const form: SourceForm = fields.form ?? (isProvider ? 'provider' : 'flat');
  const deliveryId = fields.deliveryId ?? provider?.deliveryId;
  const eventType = fields.eventType ?? provider?.eventType;
  return {
    name: fields.name,
    path: fields.path ?? `/webhooks/${fields.name}`,
    ...(fields.about === undefined ? {} : { about: fields.about }),
    ...(provider ? { provider } : {}),
    scheme: fields.scheme ?? provider?.scheme ?? 'house',
    ...(fields.secrets ? { references: fields.secrets } : {}),
    verifyTokens: fields.verifyTokens ?? [],
    ...(fields.networks ? { networks: fields.networks } : {}),
    form,
    contracts: checkedContracts(fields, form, report),
    rules: rulesOf(fields, form, report, read),
    ...(deliveryId ? { deliveryId } : {}),
    ...(eventType ? { eventType } : {}),
    ...(provider?.challenge ? { challenge: provider.challenge } : {}),
    limits: fields.limits,
    bodyBytesMax: fields.limits.bodyBytesMax,
    quarantine: fields.quarantine,
    samples: fields.samples.length > 0 ? fields.samples : (provider?.samples ?? []),
  };
}

const fileName = (file: string): string =>
  file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);

function providerOf({ provider: name }: SourceFields, report: Report): ProviderRecord | undefined {
  if (name === undefined) return undefined;
  const provider = providers.get(name);
  if (!provider) report(['provider'], `is not a ready one; there are ${[...providers.keys()].join(', ')}`);
  return provider;
}

function checkedContracts(
  { eventTypes }: SourceFields,
  form: SourceForm,
  report: Report,
): Source['contracts'] {
  if (form === 'provider') {
    if (eventTypes)
      report(['eventTypes'], 'belongs to the forms flat and envelope; the rules of a mapping name their own');
    return new Map();
  }
  if (!eventTypes) {
    report([], `eventTypes is required with form: ${form}`);
    return new Map();
  }
  const { contracts, bad } = contractsOf(eventTypes, form);
  const list: readonly string[] = eventTypes === 'public' ? [] : eventTypes;
  if (eventTypes !== 'public')
    for (const [type, why] of bad) report(['eventTypes', list.indexOf(type)], `${type} ${why}`);
  return contracts;
}

function rulesOf(
  { mapping }: SourceFields,
  form: SourceForm,
  report: Report,
  { lineOf }: ReadFields,
): readonly CompiledRule[] {
  if (mapping === undefined) return [];
  if (form !== 'provider') report(['mapping'], 'needs form: provider');
  const rules = typeof mapping === 'string' ? readyMappings.get(mapping)?.rules : mapping;
  if (!rules) {
    report(['mapping'], `is not a ready one; there are ${[...readyMappings.keys()].join(', ')}`);
    return [];
  }
  try {
    return compileMapping(rules, 'mapping');
  } catch (error) {
    if (!(error instanceof SignalboxError)) throw error;
    for (const { pointer, message } of error.pointers) {
      const path = pointer.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step));
      report(lineOf(path) > 0 ? path : ['mapping'], message);
    }
    return [];
  }
}
