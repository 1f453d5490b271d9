// For workspaces that read this source: their tsconfig does not see the declaration.
/// <reference path="../kafkajs-snappy.d.ts" />
import { CompressionCodecs, CompressionTypes } from 'kafkajs';
import SnappyCodec from 'kafkajs-snappy';
import { decompress as decompressZstd } from 'fzstd';
import { decompressLz4Frame } from './lz4-frame.js';

interface Encoded {
  readonly buffer: Buffer;
}

type Codec = () => {
  compress(encoder: Encoded): Promise<Buffer>;
  decompress(buffer: Buffer): Promise<Buffer>;
};

const readOnly = (decompress: (buffer: Buffer) => Buffer): Codec => {
  const codec = {
    compress: () => Promise.reject(new Error('This codec only reads: records are written uncompressed.')),
    decompress: async (buffer: Buffer) => decompress(buffer),
  };
  return () => codec;
};

const toBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

let registered = false;

/** Teaches kafkajs Snappy, LZ4 and ZSTD (pitfall 11); gzip it knows. Safe to call twice. */
export function registerCodecs(): void {
  if (registered) return;
  registered = true;
  const codecs = CompressionCodecs as Record<number, Codec>;
  codecs[CompressionTypes.Snappy] = SnappyCodec as Codec;
  codecs[CompressionTypes.LZ4] = readOnly(decompressLz4Frame);
  codecs[CompressionTypes.ZSTD] = readOnly((buffer) => toBuffer(decompressZstd(buffer)));
}
