import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { notificationRequested } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import type { AppDefinition } from '@signalbox/local-stack';
import { planAgent, type AgentPlan } from './agent-plan.js';
import { withApp, withService, withWorkspace } from './register-app.js';
import { contractPath, withPublisher, withReader } from './register-reader.js';
import { renderAgent, type RenderedFile, type Versions } from './render-agent.js';

export interface NewAgent {
  readonly plan: AgentPlan;
  /** Every file that was written or changed, relative to the repository. */
  readonly files: readonly string[];
}

/**
 * Makes `apps/agent-<name>` in a repository and enters it where apps are listed. Everything is checked before the first
 * file is written; an error on the way takes the new folder away again.
 */
export async function makeAgent(
  repository: string,
  name: string,
  types: readonly string[],
  startFrom: AgentPlan['startFrom'],
): Promise<NewAgent> {
  const read = (path: string): string => readFileSync(join(repository, path), 'utf8');
  const { apps } = JSON.parse(read('infra/apps.json')) as { apps: AppDefinition[] };
  const plan = planAgent(name, types, startFrom, apps);
  const folder = `apps/${plan.app}`;
  if (existsSync(join(repository, folder))) {
    const action = 'Choose another name, or remove the folder.';
    throw new SignalboxError('request_malformed', `${folder} exists already.`, { action });
  }
  const files = renderAgent(plan, versionsIn(read('packages/agent-kit-nest/package.json')));
  const manifest = files.find(({ path }) => path === 'package.json');
  const changed: RenderedFile[] = [
    { path: 'infra/apps.json', text: withApp(read('infra/apps.json'), plan) },
    { path: 'docker-compose.yml', text: withService(read('docker-compose.yml'), plan) },
    {
      path: 'package-lock.json',
      text: withWorkspace(read('package-lock.json'), plan.app, JSON.parse(manifest?.text ?? '{}') as object),
    },
    ...contractsNaming(plan, read),
  ];
  const made = files.map(({ path, text }) => ({ path: `${folder}/${path}`, text }));
  await writeAll(repository, folder, made, changed);
  link(repository, plan.app);
  await writeReference(repository);
  return { plan, files: [...made, ...changed].map(({ path }) => path) };
}

/** The contracts of the events it listens to, and of the request its example rule makes. */
function contractsNaming({ name, events }: AgentPlan, read: (path: string) => string): RenderedFile[] {
  const asks = contractPath(notificationRequested.type);
  const texts = new Map([[asks, withPublisher(read(asks), name)]]);
  for (const { contract } of events) {
    const path = contractPath(contract.type);
    texts.set(path, withReader(texts.get(path) ?? read(path), name));
  }
  return [...texts].map(([path, text]) => ({ path, text }));
}

async function writeAll(
  repository: string,
  folder: string,
  made: readonly RenderedFile[],
  changed: readonly RenderedFile[],
): Promise<void> {
  const before = changed.map(({ path }) => ({ path, text: readFileSync(join(repository, path), 'utf8') }));
  try {
    for (const file of made) writeText(repository, file);
    await format(repository, made);
    keepInstallation(repository, () => changed.forEach((file) => writeText(repository, file)));
    await format(repository, changed.slice(0, 1));
  } catch (error) {
    rmSync(join(repository, folder), { recursive: true, force: true });
    for (const file of before) writeText(repository, file);
    throw error;
  }
}

function writeText(repository: string, { path, text }: RenderedFile): void {
  mkdirSync(dirname(join(repository, path)), { recursive: true });
  writeFileSync(join(repository, path), text);
}

async function format(repository: string, files: readonly RenderedFile[]): Promise<void> {
  const prettier = join(repository, 'node_modules', 'prettier', 'bin', 'prettier.cjs');
  const paths = files.map(({ path }) => path);
  await promisify(execFile)(process.execPath, [prettier, '--write', ...paths], { cwd: repository });
}

/** The pages that say who reads which event. */
async function writeReference(repository: string): Promise<void> {
  const script = ['run', '--silent', 'reference', '-w', '@signalbox/contracts'];
  await promisify(execFile)('npm', script, { cwd: repository });
}

/** `npm start` installs again when the lock file has changed; here nothing new is needed but a link. */
function keepInstallation(repository: string, change: () => void): void {
  const stampPath = join(repository, 'node_modules', '.signalbox-lock-sha256');
  const hash = (): string =>
    createHash('sha256')
      .update(readFileSync(join(repository, 'package-lock.json')))
      .digest('hex');
  const isCurrent = existsSync(stampPath) && readFileSync(stampPath, 'utf8') === hash();
  change();
  if (isCurrent) writeFileSync(stampPath, hash());
}

/** What `npm install` does for a workspace. */
function link(repository: string, app: string): void {
  const path = join(repository, 'node_modules', '@signalbox', app);
  rmSync(path, { force: true });
  symlinkSync(join('..', '..', 'apps', app), path, 'dir');
}

function versionsIn(manifest: string): Versions {
  const { dependencies, devDependencies, peerDependencies } = JSON.parse(manifest) as Record<
    string,
    Versions
  >;
  return { ...peerDependencies, ...devDependencies, ...dependencies };
}
