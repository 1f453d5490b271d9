import { readFileSync } from 'node:fs';
import { SignalboxError } from '@signalbox/errors';
import { parseAssignment, setPath } from '../samples/set-path.js';
import type { WholeLetter } from './model.js';

export interface EditOptions {
  readonly set?: readonly string[];
  readonly data?: string;
  readonly event?: string;
}

/**
 * What the edit options ask for: `--event` a file with the whole event, `--data` a file with its data, `--set` fields of
 * the data as it is now. Throws `request_malformed`.
 */
export function editOf(letter: WholeLetter, { set, data, event }: EditOptions): object {
  if ([set, data, event].filter((given) => given !== undefined).length !== 1)
    throw malformed('Give one of --set, --data and --event.');
  if (event !== undefined) return { envelope: fromFile(event) };
  if (data !== undefined) return { data: fromFile(data) };
  const changed = (set ?? []).map(parseAssignment).reduce<unknown>(setPath, dataOf(letter));
  return { data: changed };
}

function dataOf({ record, edited_value }: WholeLetter): Record<string, unknown> {
  const bytes = edited_value ?? record.value;
  try {
    const event = JSON.parse(bytes && 'text' in bytes ? bytes.text : '') as { data?: unknown };
    if (typeof event.data === 'object' && event.data !== null) return event.data as Record<string, unknown>;
  } catch {
    // not JSON: said below
  }
  throw malformed('The record is no event whose fields could be set: give the whole event with --event.');
}

function fromFile(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new SignalboxError('request_malformed', `${path} is no readable JSON file.`, {
      cause,
      action: 'Name a file with one JSON object.',
    });
  }
}

const malformed = (message: string): SignalboxError =>
  new SignalboxError('request_malformed', message, { action: 'See `signalbox dlq edit --help`.' });
