import type { BenchResult, Ratio, SideResult } from './result.js';

/** A result for people. */
export function resultText(result: BenchResult): string {
  const size = Object.entries(result.size).map(([name, value]) => `${name} ${value}`);
  return [
    `${result.bench}: ${result.met ? 'met' : 'NOT met'} (${size.join(', ')})`,
    ...result.sides.map(sideLine),
    ...result.ratios.map(ratioLine),
    `${result.cores} cores, load average ${result.loadAverage}; ${Object.entries(result.versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}`,
  ].join('\n');
}

function sideLine(side: SideResult): string {
  const more = Object.entries(side.more).map(([name, value]) => `, ${name} ${value}`);
  const range = `${side.perSecondMin} to ${side.perSecondMax}, spread ${Math.round(side.spread * 100)} %`;
  return `  ${side.role.padEnd(8)} ${side.name}: ${side.perSecond}/s (${range}), ${side.cpuSecondsPer1000} CPU s/1000${more.join('')}`;
}

function ratioLine({ name, value, wanted, met }: Ratio): string {
  const verdict = wanted === undefined ? '' : ` (wanted ${wanted}: ${met ? 'met' : 'NOT met'})`;
  return `  ${name}: ${value}${verdict}`;
}
