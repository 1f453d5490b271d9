/** Byte strings of one statement, handed over as one parameter and cut apart in SQL. */
export class Blob {
  private readonly parts: Buffer[] = [];
  private length = 0;

  /** Where the part lies: `[from, length]` for `substring` (from 1), length −1 for null. */
  add(part: Buffer | null): [number, number] {
    if (part === null) return [1, -1];
    const from = this.length + 1;
    this.parts.push(part);
    this.length += part.length;
    return [from, part.length];
  }

  bytes(): Buffer {
    return this.parts.length === 1 ? (this.parts[0] as Buffer) : Buffer.concat(this.parts);
  }
}

/** SQL that cuts a part out of the blob parameter. */
export const cut = (parameter: string, from: string, length: string): string =>
  `CASE WHEN ${length} >= 0 THEN substring(${parameter}::bytea FROM ${from} FOR ${length}) END`;
