import { SignalboxError } from '@signalbox/errors';

/** The only place of the command line that writes to the terminal. */
export interface Output {
  /** Whether `--json` was given. Known once a command's action runs. */
  readonly json: boolean;
  /** The result of a command: `data` as one JSON document with `--json`, else the text. */
  result(data: unknown, text: () => string): void;
  /** One of many results as they come: a JSON document on one line with `--json`, else the text. */
  item(data: unknown, text: () => string): void;
  /** Raw text to standard output, in both forms (for log lines). */
  raw(text: string): void;
  /** How far a command has come, on standard error; nothing with `--json`. */
  progress(text: string): void;
  /** Code, what, where and what to do, on standard error; one JSON document with `--json`. */
  error(error: unknown): void;
}

export interface OutputStreams {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/** `isJson` is asked at every call: the option is known only after the arguments were read. */
export function createOutput(isJson: () => boolean, streams: OutputStreams = process): Output {
  const { stdout, stderr } = streams;
  return {
    get json() {
      return isJson();
    },
    result: (data, text) => void stdout.write(`${isJson() ? JSON.stringify(data, jsonValue, 2) : text()}\n`),
    item: (data, text) => void stdout.write(`${isJson() ? JSON.stringify(data, jsonValue) : text()}\n`),
    raw: (text) => void stdout.write(text),
    progress: (text) => void (isJson() || stderr.write(`${text}\n`)),
    error: (error) => {
      const described = describeError(error);
      stderr.write(isJson() ? `${JSON.stringify({ error: described }, jsonValue)}\n` : errorText(described));
    },
  };
}

interface DescribedError {
  readonly code: string;
  readonly message: string;
  readonly pointers: readonly { readonly pointer: string; readonly message: string }[];
  readonly action: string;
}

function describeError(error: unknown): DescribedError {
  if (error instanceof SignalboxError) {
    return { code: error.code, message: error.message, pointers: error.pointers, action: error.action };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    code: 'internal',
    message,
    pointers: [],
    action: 'This is a defect of the command: report it with the text above.',
  };
}

function errorText({ code, message, pointers, action }: DescribedError): string {
  const where = pointers
    .filter(({ pointer }) => !message.includes(`${pointer}: `))
    .map(({ pointer, message: what }) => `  at ${pointer || '/'}: ${what}\n`);
  return `error ${code}: ${message}\n${where.join('')}  what to do: ${action}\n`;
}

/** Offsets are bigint; JSON knows them as strings. */
function jsonValue(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
