import { readFileSync, readdirSync } from 'node:fs';

/** What a process takes of the machine. */
export interface Footprint {
  readonly rssMb: number;
  /** Open files and connections. */
  readonly descriptors: number;
}

/** Of a running process on Linux. */
export function footprintOf(pid: number): Footprint {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const rssKb = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
  return { rssMb: Math.round(rssKb / 1_024), descriptors: readdirSync(`/proc/${pid}/fd`).length };
}
