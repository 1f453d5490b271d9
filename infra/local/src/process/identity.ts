import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Names one process for good: a process id alone is given to another process sooner or later. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in whatever form the system tells it; only compared. */
  readonly started: string;
}

/** The identity of the process that has this id now, or undefined when there is none. */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  const started = startFromProc(pid) ?? startFromPs(pid);
  return started === undefined ? undefined : { pid, started };
}

/** Whether that very process still runs; a zombie without a thread that lives counts as gone. */
export function isRunning(identity: ProcessIdentity): boolean {
  return identifyProcess(identity.pid)?.started === identity.started;
}

/** The command line, for messages: at most 200 characters; undefined when it cannot be read. */
export function commandLine(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim().slice(0, 200);
  } catch {
    return psField(pid, 'command')?.slice(0, 200);
  }
}

/** Linux: field 22 of the stat file, ticks since boot; field 3 is the state, field 20 the number of threads. The name in field 2 may hold blanks and brackets. */
function startFromProc(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // Its first thread may be gone while others still are: until the last one ends, its ports are in use.
  const isGone = fields[0] === 'X' || (fields[0] === 'Z' && Number(fields[17]) <= 1);
  return isGone ? undefined : `ticks ${fields[19]}`;
}

function startFromPs(pid: number): string | undefined {
  if (process.platform === 'linux') return undefined;
  if (psField(pid, 'state')?.startsWith('Z')) return undefined;
  return psField(pid, 'lstart');
}

function psField(pid: number, field: string): string | undefined {
  try {
    const text = execFileSync('ps', ['-o', `${field}=`, '-p', String(pid)], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
    return text.trim() || undefined;
  } catch {
    return undefined;
  }
}
