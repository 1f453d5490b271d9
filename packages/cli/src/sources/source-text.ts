import type { ReadRecord, Source } from '@signalbox/sources';
import { unmappedTopic } from '@signalbox/sources';
import { providers } from '@signalbox/webhooks';
import { printable } from '../format/printable.js';
import { table } from '../format/table.js';
import type { AddedSource } from './add-source.js';

/** How a source's webhooks are signed, in a word or two. */
export const schemeText = ({ scheme, provider }: Source): string =>
  provider ? `as ${provider.name}` : scheme === 'house' ? 'house' : scheme.kind;

const becomes = ({ form, rules, contracts }: Source): string => {
  const types = form === 'provider' ? rules.map(({ contract }) => contract.type) : [...contracts.keys()];
  const names = [...new Set(types)];
  return names.length > 5 ? `${names.length} event types` : names.join(', ');
};

/** All records of a folder as a table, bad ones with what is wrong. */
export function sourceTable(records: readonly ReadRecord[]): string {
  if (records.length === 0) return 'There is no source. Make one: npx signalbox sources add github';
  const columns = [
    { title: 'source' },
    { title: 'POST' },
    { title: 'signed' },
    { title: 'becomes' },
    { title: 'else' },
  ];
  return table(
    columns,
    records.map((record) =>
      'error' in record
        ? [record.file, 'bad record', printable(record.error.message, 200)]
        : [
            record.source.name,
            record.source.path,
            schemeText(record.source),
            printable(becomes(record.source), 90),
            record.source.quarantine ? 'webhook.quarantined' : (unmappedTopic(record.source) ?? 'refused'),
          ],
    ),
  );
}

/** Providers that come ready, and whether their signatures were proven with something we did not make. */
export const providerTable = (): string =>
  table(
    [{ title: 'provider' }, { title: 'name' }, { title: 'signatures' }, { title: 'documentation' }],
    [...providers.values()].map(({ name, title, proven, documentation }) => [
      name,
      title,
      proven.by === 'nothing' ? 'unproven' : `proven by ${proven.by}`,
      documentation,
    ]),
  );

/** What to do at the provider, and how to try it. */
export function addedText(
  { source, record, secretFile, madeSecret }: AddedSource,
  url: string,
  topics: readonly string[],
): string {
  const { provider, name } = source;
  const secret =
    madeSecret === undefined
      ? `the one in ${secretFile}`
      : `${madeSecret}\n                 (also in ${secretFile}; if the provider gives you one instead, write it there)`;
  return [
    `Made ${record}${topics.length > 0 ? ` and the topics ${topics.join(', ')}` : ''}.`,
    '',
    `Enter at ${provider?.title ?? 'the sender'}:`,
    `  address        ${url}`,
    `  secret         ${secret}`,
    ...(provider ? [`  where          ${provider.secretForm}`] : []),
    ...(provider?.notes === undefined ? [] : [`  note           ${provider.notes}`]),
    ...(provider?.proven.by === 'nothing' ? [`  unproven       ${provider.proven.reason}`] : []),
    '',
    `Try it: npx signalbox sources test ${name}`,
    `See:    npx signalbox webhooks list --source ${name}`,
    ...(unmappedTopic(source) === undefined
      ? []
      : [`        npx signalbox tail webhook.${name} --from beginning`]),
  ].join('\n');
}
