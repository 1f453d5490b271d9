import { SignalboxError } from '@signalbox/errors';

const unreadable = (message: string): SignalboxError => new SignalboxError('envelope_malformed', message);

const magic = 0x184d2204;
const matchBytesMin = 4;
/** More than any batch a broker takes unpacks to in practice; above it the frame is a bomb. */
const outputBytesMax = 256 * 1024 * 1024;

interface FrameHeader {
  readonly blocksAt: number;
  readonly blockChecksums: boolean;
}

function readHeader(frame: Buffer): FrameHeader {
  if (frame.length < 7 || frame.readUInt32LE(0) !== magic) throw unreadable('Not an LZ4 frame.');
  const flags = frame.readUInt8(4);
  const contentSize = (flags & 0x08) !== 0 ? 8 : 0;
  const dictionaryId = (flags & 0x01) !== 0 ? 4 : 0;
  return { blocksAt: 7 + contentSize + dictionaryId, blockChecksums: (flags & 0x10) !== 0 };
}

/** Grows by doubling, because a block says nothing about its unpacked size. */
class Output {
  private bytes = Buffer.allocUnsafe(64 * 1024);
  length = 0;

  append(source: Buffer, from: number, count: number): void {
    if (from + count > source.length) throw unreadable('LZ4 literals run past the end of the block.');
    this.reserve(count);
    source.copy(this.bytes, this.length, from, from + count);
    this.length += count;
  }

  /** Copies from what was written before; the ranges may overlap, which repeats a pattern. */
  repeat(distance: number, count: number): void {
    if (distance === 0 || distance > this.length) throw unreadable('LZ4 match points before the start.');
    this.reserve(count);
    let from = this.length - distance;
    const end = this.length + count;
    while (this.length < end) {
      const step = Math.min(end - this.length, this.length - from);
      this.bytes.copy(this.bytes, this.length, from, from + step);
      this.length += step;
      from = this.length - distance;
    }
  }

  done(): Buffer {
    return this.bytes.subarray(0, this.length);
  }

  private reserve(count: number): void {
    const needed = this.length + count;
    if (needed > outputBytesMax) throw unreadable(`LZ4 frame unpacks to more than ${outputBytesMax} bytes.`);
    if (needed <= this.bytes.length) return;
    const bigger = Buffer.allocUnsafe(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(bigger, 0, 0, this.length);
    this.bytes = bigger;
  }
}

/** Reads lengths of 15 and more, which go on in the following bytes. */
function readLength(block: Buffer, at: number, first: number): { length: number; at: number } {
  let length = first;
  if (first !== 15) return { length, at };
  let next = 255;
  while (next === 255) {
    if (at >= block.length) throw unreadable('LZ4 length runs past the end of the block.');
    next = block.readUInt8(at);
    at += 1;
    length += next;
  }
  return { length, at };
}

function unpackBlock(block: Buffer, output: Output): void {
  let at = 0;
  while (at < block.length) {
    const token = block.readUInt8(at);
    const literals = readLength(block, at + 1, token >> 4);
    output.append(block, literals.at, literals.length);
    at = literals.at + literals.length;
    // The last sequence of a block has literals only.
    if (at >= block.length) return;
    const distance = block.readUInt16LE(at);
    const match = readLength(block, at + 2, token & 15);
    output.repeat(distance, match.length + matchBytesMin);
    at = match.at;
  }
}

/** Unpacks one LZ4 frame as Kafka's clients write it. Checksums are not compared: the broker's CRC covers the batch. */
export function decompressLz4Frame(frame: Buffer): Buffer {
  const { blocksAt, blockChecksums } = readHeader(frame);
  const output = new Output();
  let at = blocksAt;
  while (at + 4 <= frame.length) {
    const word = frame.readUInt32LE(at);
    at += 4;
    if (word === 0) return output.done();
    const size = word & 0x7fffffff;
    if (at + size > frame.length) throw unreadable('LZ4 block runs past the end of the frame.');
    if (word >>> 31 === 1) output.append(frame, at, size);
    else unpackBlock(frame.subarray(at, at + size), output);
    at += size + (blockChecksums ? 4 : 0);
  }
  throw unreadable('LZ4 frame has no end mark.');
}
