/** Largest number of lines compared line by line; longer texts are shown one after the other. */
const diffLinesMax = 2_000;

/**
 * What makes `expected` into `actual`, line by line: `-` was expected, `+` was found. Empty when the texts are equal.
 */
export function lineDiff(expected: string, actual: string): string {
  if (expected === actual) return '';
  const left = expected.split('\n');
  const right = actual.split('\n');
  if (left.length > diffLinesMax || right.length > diffLinesMax)
    return [...mark('-', left), ...mark('+', right)].join('\n');
  return walk(left, right, commonLengths(left, right)).join('\n');
}

/** A difference without what is far from any change: `lines` lines around each are kept, gaps are shown as `…`. */
export function aroundChanges(diff: string, lines = 4): string {
  const all = diff.split('\n');
  const isKept = all.map((_line, at) =>
    all.slice(Math.max(0, at - lines), at + lines + 1).some((near) => /^[-+]/.test(near)),
  );
  return all
    .flatMap((line, at) => (isKept[at] ? [line] : at === 0 || isKept[at - 1] ? ['  …'] : []))
    .join('\n');
}

const mark = (sign: string, lines: readonly string[]): string[] => lines.map((line) => `${sign} ${line}`);

/** `table[i][j]` = length of the longest common run of lines of `left` from i and `right` from j. */
function commonLengths(left: readonly string[], right: readonly string[]): Uint16Array[] {
  const table = Array.from({ length: left.length + 1 }, () => new Uint16Array(right.length + 1));
  for (let i = left.length - 1; i >= 0; i -= 1) {
    for (let j = right.length - 1; j >= 0; j -= 1) {
      table[i]![j] =
        left[i] === right[j] ? table[i + 1]![j + 1]! + 1 : Math.max(table[i + 1]![j]!, table[i]![j + 1]!);
    }
  }
  return table;
}

function walk(left: readonly string[], right: readonly string[], table: readonly Uint16Array[]): string[] {
  const lines: string[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    if (left[i] === right[j]) {
      lines.push(`  ${left[i]}`);
      i += 1;
      j += 1;
    } else if (table[i + 1]![j]! >= table[i]![j + 1]!) {
      lines.push(`- ${left[i]}`);
      i += 1;
    } else {
      lines.push(`+ ${right[j]}`);
      j += 1;
    }
  }
  return [...lines, ...mark('-', left.slice(i)), ...mark('+', right.slice(j))];
}
