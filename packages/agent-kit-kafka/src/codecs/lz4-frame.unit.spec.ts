import { decompressLz4Frame } from './lz4-frame.js';

interface FrameOptions {
  readonly flags?: number;
  readonly extraHeader?: readonly number[];
  readonly endMark?: boolean;
}

/** A frame around blocks; a block with `raw` is stored uncompressed. */
function frame(
  blocks: readonly { bytes: readonly number[]; raw?: boolean; checksum?: boolean }[],
  { flags = 0x60, extraHeader = [], endMark = true }: FrameOptions = {},
): Buffer {
  const parts = [Buffer.from([0x04, 0x22, 0x4d, 0x18, flags, 0x40, ...extraHeader, 0x00])];
  for (const { bytes, raw, checksum } of blocks) {
    const size = Buffer.alloc(4);
    size.writeUInt32LE((bytes.length | (raw ? 0x80000000 : 0)) >>> 0);
    parts.push(size, Buffer.from(bytes));
    if (checksum) parts.push(Buffer.alloc(4, 0xee));
  }
  if (endMark) parts.push(Buffer.alloc(4));
  return Buffer.concat(parts);
}

const ascii = (text: string): number[] => [...Buffer.from(text)];

describe('decompressLz4Frame', () => {
  it('copies stored blocks', () => {
    const bytes = frame([
      { bytes: ascii('hello '), raw: true },
      { bytes: ascii('world'), raw: true },
    ]);
    expect(decompressLz4Frame(bytes).toString()).toBe('hello world');
  });

  it('unpacks literals and a match that overlaps itself', () => {
    // 2 literals "ab", then 10 bytes from 2 back, then 3 literals.
    const bytes = frame([{ bytes: [0x26, ...ascii('ab'), 2, 0, 0x30, ...ascii('end')] }]);
    expect(decompressLz4Frame(bytes).toString()).toBe('abababababab' + 'end');
  });

  it('unpacks lengths that go on in further bytes', () => {
    const literals = 'x'.repeat(15 + 255 + 3);
    const match = 15 + 4 + 7;
    const bytes = frame([{ bytes: [0xff, 255, 3, ...ascii(literals), 1, 0, 7, 0x10, ...ascii('!')] }]);
    expect(decompressLz4Frame(bytes).toString()).toBe('x'.repeat(literals.length + match) + '!');
  });

  it('finds matches in the block before, and grows its output', () => {
    const first = 'k'.repeat(70_000);
    const bytes = frame([{ bytes: ascii(first), raw: true }, { bytes: [0x04, 1, 0, 0x00] }]);
    expect(decompressLz4Frame(bytes).toString()).toBe(first + 'k'.repeat(8));
  });

  it('passes content size, dictionary id and block checksums', () => {
    const bytes = frame([{ bytes: ascii('abc'), raw: true, checksum: true }], {
      flags: 0x60 | 0x08 | 0x10 | 0x01,
      extraHeader: new Array<number>(12).fill(7),
    });
    expect(decompressLz4Frame(bytes).toString()).toBe('abc');
  });

  it.each([
    ['something else', Buffer.from('not a frame at all'), /Not an LZ4 frame/],
    ['too few bytes', Buffer.alloc(3), /Not an LZ4 frame/],
    [
      'a block cut short',
      frame([{ bytes: ascii('abc'), raw: true }]).subarray(0, 12),
      /past the end of the frame/,
    ],
    ['no end mark', frame([{ bytes: ascii('abc'), raw: true }], { endMark: false }), /no end mark/],
    ['literals that run out', frame([{ bytes: [0x50, 1, 2] }]), /past the end of the block/],
    ['a length that runs out', frame([{ bytes: [0xf0, 255] }]), /past the end of the block/],
    ['a match before the start', frame([{ bytes: [0x10, 65, 9, 0, 0x00] }]), /before the start/],
    ['a match at distance 0', frame([{ bytes: [0x10, 65, 0, 0, 0x00] }]), /before the start/],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => decompressLz4Frame(bytes)).toThrow(message);
  });

  it('refuses a frame that unpacks to more than it may', () => {
    // One literal and one match whose length says 300 MiB.
    const length = new Array<number>(1_250_000).fill(255);
    const bytes = frame([{ bytes: [0x1f, 65, 1, 0, ...length, 0] }]);
    expect(() => decompressLz4Frame(bytes)).toThrow(/more than/);
  });
});
