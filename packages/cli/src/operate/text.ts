import { printable, printableLines, shortId, shorten } from '../format/printable.js';
import { table } from '../format/table.js';
import { dateTime, offset } from '../format/time.js';
import type { BlockedKey, Bytes, Change, Control, Group, Letter, Run, WholeLetter } from './model.js';

const messageCharsMax = 70;

const at = (time: string): string => dateTime(Date.parse(time)).slice(0, 19);
const message = (text: string): string => shorten(printable(text), messageCharsMax);

/** Newest dead letters, one a line. */
export const letterTable = (letters: readonly Letter[]): string =>
  letters.length === 0
    ? 'There are no such dead letters.'
    : table(
        [{ title: 'ID', align: 'right' }, ...titles('STATUS', 'SINCE (UTC)', 'EVENT TYPE', 'KEY', 'WHY')],
        letters.map(({ id, status, created_at, event_type, key, error_code, error_message }) => [
          id,
          status,
          at(created_at),
          printable(event_type ?? '-', 60),
          key ? shortId(key.value, 24) : '-',
          message(`${error_code}: ${error_message}`),
        ]),
      );

/** Acts of which nobody knows how they ended, one a line. */
export const unknownTable = (letters: readonly Letter[]): string =>
  letters.length === 0
    ? 'The outcome of every call is known.'
    : table(
        [{ title: 'ID', align: 'right' }, ...titles('SINCE (UTC)', 'HANDLER', 'EVENT', 'WHAT HAPPENED')],
        letters.map(({ id, created_at, handler, event_id, error_message }) => [
          id,
          at(created_at),
          handler ?? '-',
          event_id ? shortId(event_id, 24) : '-',
          message(error_message),
        ]),
      );

/** Dead letters by cause. */
export const groupTable = (groups: readonly Group[]): string =>
  groups.length === 0
    ? 'There are no such dead letters.'
    : table(
        [{ title: 'COUNT', align: 'right' }, ...titles('FINGERPRINT', 'LAST (UTC)', 'HANDLER', 'WHY')],
        groups.map(({ count, fingerprint, last_at, handler, error_code, error_message }) => [
          String(count),
          fingerprint,
          at(last_at),
          handler ?? '-',
          message(`${error_code}: ${error_message}`),
        ]),
      );

/** Everything known about one dead letter. */
export function letterText(letter: WholeLetter): string {
  const { record, edited, settled } = letter;
  const facts = [
    ['dead letter', `${letter.id} (${letter.status})`],
    ['why', printable(`${letter.error_code}: ${letter.error_message}`)],
    ['fingerprint', letter.fingerprint],
    ['handler', letter.handler ?? 'none: it reached no handler'],
    ['event', printable(`${letter.event_type ?? 'unknown type'}  ${letter.event_id ?? 'no id'}`)],
    ['story', printable(letter.correlation_id ?? '-')],
    ['key', letter.key ? printable(`${letter.key.kind}/${letter.key.value}`) : '-'],
    [
      'attempts',
      `${letter.attempts}, from ${at(letter.first_failed_at)} to ${at(letter.last_failed_at)} UTC`,
    ],
    ['redriven', letter.redrives === 0 ? 'never' : `${letter.redrives} times before`],
    ['code', letter.code_version],
    ['record', `${record.topic}/${record.partition} offset ${record.offset}`],
    ...(edited ? [['edited', `by ${printable(edited.by)}, ${at(edited.at)} UTC`]] : []),
    ...(settled
      ? [[letter.status, printable(`by ${settled.by}${settled.why ? `: ${settled.why}` : ''}`)]]
      : []),
  ];
  const lines = facts.map(([name, value]) => `${(name ?? '').padEnd(12)} ${value ?? ''}`);
  const bodies = [
    ...section('the record', record.value),
    ...(letter.edited_value ? section('as edited', letter.edited_value) : []),
  ];
  return [...lines, ...bodies].join('\n');
}

/** An edit: what was, what is. */
export const changesText = (changes: readonly Change[]): string =>
  changes
    .flatMap(({ pointer, before, after }) => [
      `  ${printable(pointer) || '/'}`,
      ...(before === undefined ? [] : [`    - ${printable(JSON.stringify(before))}`]),
      ...(after === undefined ? [] : [`    + ${printable(JSON.stringify(after))}`]),
    ])
    .join('\n');

export function runText({
  id,
  status,
  total,
  redriven,
  refused,
  rate_per_s: rate,
  last_refusal,
}: Run): string {
  const counts = `${redriven} of ${total} redriven${refused > 0 ? `, ${refused} refused` : ''}`;
  const last = refused > 0 && last_refusal ? `\n  last refusal: ${printable(last_refusal)}` : '';
  return `redrive ${id}: ${counts}, ${status}${status === 'running' ? `, ${rate} a second` : ''}${last}`;
}

export const keyTable = (keys: readonly BlockedKey[], nowMs: number): string =>
  keys.length === 0
    ? 'No key is blocked.'
    : table(
        [
          ...titles('KIND', 'VALUE', 'SINCE (UTC)'),
          { title: 'WAITING', align: 'right' },
          ...titles('NEXT', 'WHY'),
        ],
        keys.map(({ kind, value, since, waiting, next_attempt_at: next, error_message: why }) => [
          kind,
          printable(value, 40),
          since ? at(since) : '-',
          String(waiting),
          next ? offset(Date.parse(next) - nowMs) : 'a person',
          message(why ?? '-'),
        ]),
      );

export function controlText({ agent, paused, effects_held: held }: Control): string {
  const lines = [
    paused
      ? `${agent} is paused by ${printable(paused.by)} since ${at(paused.since)} UTC: ${printable(paused.why)}`
      : `${agent} is not paused.`,
    held
      ? `Effects are held by ${printable(held.by)} since ${at(held.since)} UTC: ${printable(held.why)}`
      : 'Effects are not held.',
  ];
  return lines.join('\n');
}

const titles = (...names: string[]): { title: string }[] => names.map((title) => ({ title }));

function section(title: string, bytes: Bytes | null): string[] {
  if (bytes === null) return ['', title, '  (empty)'];
  const lines = 'text' in bytes ? printableLines(indented(bytes.text)) : [`base64 ${bytes.base64}`];
  return ['', title, ...lines.map((line) => `  ${line}`)];
}

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
