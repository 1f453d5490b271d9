import type { ClientBase } from 'pg';

/** What pg hands to its encoder of Bind messages. */
interface BindConfig {
  readonly portal?: string;
  readonly statement?: string;
  /** Rows come back in binary form. */
  readonly binary?: boolean;
  readonly values?: readonly unknown[];
  readonly valueMapper?: (value: unknown, index: number) => Buffer | string | null | undefined;
}

/** The part of a client that @types/pg does not show. */
interface Wire {
  readonly connection: {
    bind(config: BindConfig): void;
    readonly stream: { readonly writable: boolean; cork(): void; uncork(): void; write(bytes: Buffer): void };
  };
}

/** Below it a copy costs less than a piece of its own. */
const LARGE_BYTES = 4_096;
const BIND = 'B'.charCodeAt(0);
const textFormat = 0;
const binaryFormat = 1;

const isLarge = (value: unknown): value is Buffer => Buffer.isBuffer(value) && value.length >= LARGE_BYTES;

/**
 * Lets a connection write large binary parameters to its socket as they are. pg copies all parameters into one buffer, which
 * it makes anew, half as large again, whenever the next does not fit: a third of what a chunk allocates outside the heap.
 */
export function writeLargeValues(client: ClientBase): void {
  const { connection } = client as unknown as Wire;
  const bindSmall = connection.bind.bind(connection);
  connection.bind = (config) => {
    if (!config.values?.some(isLarge)) return bindSmall(config);
    const pieces = bindMessage(config);
    const { stream } = connection;
    if (!stream.writable) return;
    stream.cork();
    for (const piece of pieces) stream.write(piece);
    stream.uncork();
  };
}

/** The Bind message of PostgreSQL's protocol (53.7, Message Formats), large values as pieces of their own. */
function bindMessage({ portal, statement, binary, values = [], valueMapper }: BindConfig): Buffer[] {
  const mapped = values.map((value, index) => (valueMapper ? valueMapper(value, index) : value));
  const pieces: Buffer[] = [];
  let small: Buffer[] = [
    cString(portal),
    cString(statement),
    int16s([mapped.length, ...mapped.map((value) => (Buffer.isBuffer(value) ? binaryFormat : textFormat))]),
    int16s([mapped.length]),
  ];
  for (const value of mapped) {
    const bytes = value == null ? null : Buffer.isBuffer(value) ? value : Buffer.from(value as string);
    small.push(int32(bytes === null ? -1 : bytes.length));
    if (isLarge(bytes)) {
      pieces.push(Buffer.concat(small), bytes);
      small = [];
    } else if (bytes !== null) small.push(bytes);
  }
  small.push(int16s([1, binary ? binaryFormat : textFormat]));
  pieces.push(Buffer.concat(small));
  const length = pieces.reduce((sum, piece) => sum + piece.length, 4);
  return [Buffer.concat([Buffer.of(BIND), int32(length)]), ...pieces];
}

const cString = (text = ''): Buffer => Buffer.from(`${text}\0`);

function int32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int16s(values: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(2 * values.length);
  for (const [n, value] of values.entries()) bytes.writeInt16BE(value, 2 * n);
  return bytes;
}
