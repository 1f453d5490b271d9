import { forbiddenFunctions } from './bounds.js';
import { LinearRegex } from './linear-regex.js';

const nodesMax = 20_000;

/** Why a compiled expression may not run, or undefined. Looks at every node of its tree. */
export function problemInTree(tree: unknown): string | undefined {
  const open: unknown[] = [tree];
  const seen = new Set<object>();
  while (open.length > 0) {
    const node = open.pop();
    if (typeof node !== 'object' || node === null || seen.has(node)) continue;
    seen.add(node);
    if (seen.size > nodesMax) return 'is too large';
    const problem = problemOf(node as Node);
    if (problem !== undefined) return problem;
    if (!(node instanceof RegExp)) open.push(...(Object.values(node) as unknown[]));
  }
  return undefined;
}

interface Node {
  readonly type?: unknown;
  readonly value?: unknown;
}

function problemOf({ type, value }: Node): string | undefined {
  if (type === 'variable' && typeof value === 'string' && forbiddenFunctions.has(value)) {
    return `uses $${value}, which a mapping may not: the same webhook must always give the same event`;
  }
  if (value instanceof RegExp) {
    try {
      new LinearRegex(value);
    } catch {
      return `has the regular expression /${value.source}/, which uses looking around or a back reference`;
    }
  }
  return undefined;
}
