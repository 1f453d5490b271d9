export type Encoding = 'hex' | 'base64' | 'base64url';

/** How bytes are written as text: one text for each bytes, except that hexadecimal digits may be of either case. */
export interface TextForm {
  /** The bytes, or undefined when the text is not of this form. */
  read(text: string): Buffer | undefined;
  write(bytes: Uint8Array): string;
  /** For a sentence: `64 hexadecimal digits`. */
  readonly describe: string;
}

const characters = { base64: '[A-Za-z0-9+/]', base64url: '[A-Za-z0-9_-]' } as const;

/** Unused bits of the last character must be zero and the padding whole: otherwise many texts would mean the same. */
function base64Pattern(encoding: 'base64' | 'base64url', bytes: number | undefined): RegExp {
  const character = characters[encoding];
  const pad = (text: string): string => (encoding === 'base64' ? text : `(?:${text})?`);
  const ends = ['', `[AQgw]${pad('==')}`, `[AEIMQUYcgkosw048]${pad('=')}`] as const;
  if (bytes === undefined)
    return new RegExp(`^(?:${character}{4})*(?:${character}${ends[1]}|${character}{2}${ends[2]})?$`);
  const rest = bytes % 3;
  return new RegExp(`^${character}{${4 * Math.floor(bytes / 3) + rest}}${ends[rest] ?? ''}$`);
}

function patternOf(encoding: Encoding, bytes: number | undefined): RegExp {
  if (encoding !== 'hex') return base64Pattern(encoding, bytes);
  return bytes === undefined ? /^(?:[0-9a-fA-F]{2})+$/ : new RegExp(`^[0-9a-fA-F]{${2 * bytes}}$`);
}

function describe(encoding: Encoding, bytes: number | undefined): string {
  if (encoding === 'hex')
    return bytes === undefined ? 'hexadecimal digits' : `${bytes * 2} hexadecimal digits`;
  return bytes === undefined ? encoding : `${bytes} bytes in ${encoding}`;
}

/** The form of texts of exactly `bytes` bytes; left out: of any length. */
export function textForm(encoding: Encoding, bytes?: number): TextForm {
  const pattern = patternOf(encoding, bytes);
  return {
    read: (text) => (pattern.test(text) ? Buffer.from(text, encoding) : undefined),
    write: (data) => Buffer.from(data).toString(encoding),
    describe: describe(encoding, bytes),
  };
}
