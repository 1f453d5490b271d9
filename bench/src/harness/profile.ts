import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryDir } from './paths.js';
import { summariseProfile, type CpuProfile } from './summarise-profile.js';

/** Profiles of our own processes, where `--profile` asks for them. They make the measured process slower. */
export interface Profiler {
  /** Node's flags for a process of ours. */
  readonly flags: readonly string[];
  /** Writes a text summary of each process to `bench/profiles/`; call after they have ended. */
  finish(): string[];
}

const profilesDir = join(repositoryDir, 'bench', 'profiles');

export function createProfiler(bench: string): Profiler {
  const dir = join(repositoryDir, '.signalbox', 'bench-profiles', bench);
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  mkdirSync(profilesDir, { recursive: true });
  return {
    flags: ['--cpu-prof', `--cpu-prof-dir=${dir}`],
    finish() {
      return readdirSync(dir).map((file, at) => {
        const profile = JSON.parse(readFileSync(join(dir, file), 'utf8')) as CpuProfile;
        const path = join(profilesDir, at === 0 ? `${bench}.txt` : `${bench}-${at}.txt`);
        writeFileSync(path, summariseProfile(profile));
        return path;
      });
    },
  };
}

let current: Profiler | undefined;

/** Turns profiling on for this run of the command. */
export function useProfiler(profiler: Profiler): void {
  current = profiler;
}
export const profileFlags = (): readonly string[] => current?.flags ?? [];
