/** One column of a table: its heading and, where long values shall be cut, the most characters it may take. */
export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/** A table with headings, columns as wide as their content and two blanks between them; no trailing blanks. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ title }, at) =>
    rows.reduce((widest, row) => Math.max(widest, length(row[at] ?? '')), title.length),
  );
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ align }, at) => pad(cells[at] ?? '', widths[at] ?? 0, align ?? 'left'))
      .join('  ')
      .trimEnd();
  return [line(columns.map(({ title }) => title)), ...rows.map(line)].join('\n');
}

/** Pads to a width in characters. */
export function pad(text: string, width: number, align: 'left' | 'right'): string {
  const blanks = ' '.repeat(Math.max(0, width - length(text)));
  return align === 'left' ? text + blanks : blanks + text;
}

const length = (text: string): number => Array.from(text).length;
