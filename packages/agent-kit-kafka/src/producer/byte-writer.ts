/** Names and values of headers are short and ASCII: up to this length a loop costs less than a call into Node. */
const shortChars = 48;

function isShortAscii(text: string): boolean {
  if (text.length > shortChars) return false;
  for (let n = 0; n < text.length; n += 1) if (text.charCodeAt(n) > 127) return false;
  return true;
}

/** Bytes of a text in UTF-8, or of bytes. */
export const byteLength = (bytes: Buffer | string): number =>
  typeof bytes !== 'string' || isShortAscii(bytes) ? bytes.length : Buffer.byteLength(bytes);

/** Bytes of a zigzag varint between −1 and 2^30 − 1. */
export function varIntLength(number: number): number {
  const zigzag = number < 0 ? 1 : number * 2;
  return zigzag < 0x80 ? 1 : zigzag < 0x4000 ? 2 : zigzag < 0x20_0000 ? 3 : zigzag < 0x1000_0000 ? 4 : 5;
}

/** Writes Kafka's types one after the other into a buffer of the right size, which is not zeroed before. */
export class ByteWriter {
  readonly bytes: Buffer;
  private at = 0;

  constructor(length: number) {
    this.bytes = Buffer.allocUnsafe(length);
  }

  /** How many bytes are written. */
  get length(): number {
    return this.at;
  }

  int8(value: number): void {
    this.bytes[this.at] = value;
    this.at += 1;
  }

  int16(value: number): void {
    this.at = this.bytes.writeInt16BE(value, this.at);
  }

  int32(value: number): void {
    this.at = this.bytes.writeInt32BE(value, this.at);
  }

  /** A whole number that a double holds exactly. */
  int64(value: number): void {
    this.int32(Math.floor(value / 2 ** 32));
    this.at = this.bytes.writeUInt32BE(value >>> 0, this.at);
  }

  /** Zigzag, between −1 and 2^30 − 1. */
  varInt(value: number): void {
    let rest = value < 0 ? 1 : value * 2;
    for (; rest >= 0x80; rest >>>= 7) this.int8((rest & 0x7f) | 0x80);
    this.int8(rest);
  }

  /** Bytes of a length that is known. */
  raw(bytes: Buffer | string, length: number): void {
    const { bytes: to, at } = this;
    if (typeof bytes !== 'string') bytes.copy(to, at);
    else if (length > shortChars || length !== bytes.length) to.write(bytes, at);
    else for (let n = 0; n < length; n += 1) to[at + n] = bytes.charCodeAt(n);
    this.at += length;
  }

  /** Puts a number over four bytes written before. */
  overwriteUint32(value: number, at: number): void {
    this.bytes.writeUInt32BE(value, at);
  }
}
