/** The parts of a V8 CPU profile that are used here. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
    /** Ids of what it called. */
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

const functionsMax = 60;
const idle = new Set(['(idle)', '(program)', '(root)']);

/**
 * Self time by package and by function, in per cent of the time at work; paths are shown from the repository on. Loading
 * code is left out: it is a large part of a short run and none of a long one.
 */
export function summariseProfile({ nodes, samples, timeDeltas }: CpuProfile): string {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const loading = nodesOfLoading(nodes);
  const byFunction = new Map<string, number>();
  const byPlace = new Map<string, number>();
  let workUs = 0;
  samples.forEach((id, at) => {
    const frame = frames.get(id);
    const us = timeDeltas[at] ?? 0;
    if (!frame || idle.has(frame.functionName) || loading.has(id)) return;
    workUs += us;
    const place = placeOf(frame.url);
    add(byPlace, frame.functionName === '(garbage collector)' ? 'garbage collector' : packageOf(place), us);
    add(byFunction, `${frame.functionName || '(anonymous)'} ${place}:${frame.lineNumber + 1}`, us);
  });
  const lines = (sums: Map<string, number>): string[] =>
    [...sums]
      .sort(([, a], [, b]) => b - a)
      .slice(0, functionsMax)
      .map(([name, us]) => `${((us / workUs) * 100).toFixed(1).padStart(5)} %  ${name}`);
  const seconds = (workUs / 1e6).toFixed(1);
  return [
    `Self time, of ${seconds} s at work, loading of code left out`,
    '',
    ...lines(byPlace),
    '',
    ...lines(byFunction),
    '',
  ].join('\n');
}

/** Node's loaders and all they call: also what modules do when they are loaded. */
function nodesOfLoading(nodes: CpuProfile['nodes']): ReadonlySet<number> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const found = new Set<number>();
  const open = nodes.filter(({ callFrame }) => callFrame.url.startsWith('node:internal/modules/'));
  for (let node = open.pop(); node; node = open.pop()) {
    if (found.has(node.id)) continue;
    found.add(node.id);
    for (const child of node.children ?? []) {
      const next = byId.get(child);
      if (next) open.push(next);
    }
  }
  return found;
}

const add = (sums: Map<string, number>, name: string, us: number): void =>
  void sums.set(name, (sums.get(name) ?? 0) + us);

function placeOf(url: string): string {
  if (url === '' || url.startsWith('node:')) return url || 'native';
  const modules = url.lastIndexOf('node_modules/');
  if (modules >= 0) return url.slice(modules + 'node_modules/'.length);
  return /(?:packages|apps|bench|infra)\/.*$/.exec(url)?.[0] ?? url;
}

function packageOf(place: string): string {
  if (place.startsWith('node:') || place === 'native') return place === 'native' ? 'native code' : 'node';
  const parts = place.split('/');
  return place.startsWith('@') || /^(packages|apps)\//.test(place)
    ? parts.slice(0, 2).join('/')
    : (parts[0] ?? '');
}
