import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryDir } from './paths.js';
import { summariseProfile, type CpuProfile } from './summarise-profile.js';

/** Profiles of our own processes, where `--profile` asks for them. They make the measured process slower. */
export interface Profiler {
  /** Node's flags for a process of ours; of several with one name the last to end is kept. */
  flags(process: string): readonly string[];
  /** Writes a summary of each process to `bench/profiles/<bench>-<process>.txt`; call after they have ended. */
  finish(): string[];
}

/** Node names a profile `CPU.<day>.<time>.<pid>.<thread>.<number>.cpuprofile`; thread 0 is the one that does the work. */
const ofMainThread = /^CPU\.\d+\.\d+\.\d+\.0\.\d+\.cpuprofile$/;
const profilesDir = join(repositoryDir, 'bench', 'profiles');

export function createProfiler(bench: string): Profiler {
  const dir = join(repositoryDir, '.signalbox', 'bench-profiles', bench);
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  mkdirSync(profilesDir, { recursive: true });
  return {
    flags: (process) => ['--cpu-prof', `--cpu-prof-dir=${join(dir, process)}`],
    finish() {
      return readdirSync(dir).flatMap((process) => {
        const last = readdirSync(join(dir, process))
          .filter((file) => ofMainThread.test(file))
          .sort()
          .at(-1);
        if (last === undefined) return [];
        const profile = JSON.parse(readFileSync(join(dir, process, last), 'utf8')) as CpuProfile;
        const path = join(profilesDir, `${bench}-${process}.txt`);
        writeFileSync(path, summariseProfile(profile));
        return [path];
      });
    },
  };
}

let current: Profiler | undefined;

/** Turns profiling on for this run of the command. */
export function useProfiler(profiler: Profiler): void {
  current = profiler;
}
export const profileFlags = (process: string): readonly string[] => current?.flags(process) ?? [];
export const isProfiling = (): boolean => current !== undefined;
