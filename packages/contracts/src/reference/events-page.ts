import type { AnyContract, ContractKind } from '../contract.js';
import { contractJsonSchema } from '../json-schema.js';
import { fieldRows, type FieldRow } from './field-rows.js';

const kindTitles: Readonly<Record<ContractKind, string>> = {
  fact: 'Facts: something happened',
  request: 'Requests: a connector shall act',
  platform: 'About Signalbox itself',
};
const kinds = Object.keys(kindTitles) as ContractKind[];

/** The text of `docs/reference/events.md`; a test holds the committed page against it. */
export function eventsPage(catalogue: ReadonlyMap<string, AnyContract>): string {
  const contracts = [...catalogue.values()];
  const of = (kind: ContractKind): AnyContract[] => contracts.filter((contract) => contract.kind === kind);
  const sections = kinds.flatMap((kind) => [`## ${kindTitles[kind]}`, ...of(kind).map(eventSection)]);
  return `${[intro, overview(contracts), ...sections].join('\n\n')}\n`;
}

const intro = `# Events

<!-- Written by \`npm run reference -w @signalbox/contracts\` from packages/contracts/src/events. Do not edit. -->

Every public event type: what it means, who owns it, what its data must hold. The record value is the envelope

\`\`\`json
{
  "event_id": "any name of 1 to 255 characters",
  "event_type": "service_down",
  "timestamp": "2026-04-05T12:01:00Z",
  "data": {},
  "metadata": { "source_service": "who publishes", "correlation_id": "the story it belongs to" }
}
\`\`\`

with the optional metadata \`causation_id\` (the event before), \`hops\` (0 to 1,000; a chain over 32 is stopped as a loop)
and \`schema_version\`. CloudEvents 1.0 in JSON are read as well, structured and binary. A value may be nested
32 levels deep. Strings hold neither NUL nor half surrogate pairs. Nothing is coerced: \`"87"\` is no number.
Fields a contract does not name are kept and handed on. A field marked personal stays out of logs and of
\`webhook.received\`.

The same schemas as JSON Schema 2020-12: \`contractJsonSchema(contract)\` of \`@signalbox/contracts\`.`;

function overview(contracts: readonly AnyContract[]): string {
  const rows = contracts.map(
    (c) =>
      `| [\`${c.type}\`](#${anchor(c.type)}) | ${c.kind} | ${c.owner} | \`${c.keyField}\` | ${c.summary} |`,
  );
  return ['| event type | kind | owner | key | meaning |', '| --- | --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}

/** GitHub's anchor of a heading that is a code span. */
const anchor = (type: string): string => type.toLowerCase().replace(/[^a-z0-9_-]/g, '');

function eventSection(contract: AnyContract): string {
  const flat = contract.flat === undefined ? [] : [flatNote(contract)];
  return [
    `### \`${contract.type}\``,
    contract.summary,
    `Kind ${contract.kind} · owner ${contract.owner} · topic \`${contract.topic}\` · key \`${contract.keyField}\` · version ${contract.version}`,
    `Published by ${contract.publishers.join(', ')} · read by ${contract.consumers.join(', ') || 'nobody here'}`,
    fieldTable(fieldRows(contractJsonSchema(contract))),
    ...flat,
    `\`\`\`json\n${JSON.stringify(contract.example, null, 2)}\n\`\`\``,
  ].join('\n\n');
}

function fieldTable(rows: readonly FieldRow[]): string {
  const lines = rows.map((row) => {
    const rules = [...row.rules, ...(row.sensitivity ? [row.sensitivity] : [])].join('; ');
    return `| \`${row.path}\` | ${row.type} | ${row.required ? 'yes' : 'no'} | ${rules} | ${row.description} |`;
  });
  return ['| field | type | required | rules | meaning |', '| --- | --- | --- | --- | --- |', ...lines].join(
    '\n',
  );
}

function flatNote(contract: AnyContract): string {
  const inData = new Set((contractJsonSchema(contract)['required'] ?? []) as string[]);
  const inFlat = (contractJsonSchema(contract, 'flat')['required'] ?? []) as string[];
  const more = inFlat.filter((field) => !inData.has(field)).map((field) => `\`${field}\``);
  return `Senders post this data as it is, without an envelope, to their webhook; there ${more.join(' and ')} are required too.`;
}
