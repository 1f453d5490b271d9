// Gets a clone ready to be used: Node's version, node_modules, the build. Plain JavaScript without dependencies, since
// it runs before any is installed.
import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repositoryDir = resolve(dirname(fileURLToPath(import.meta.url)), '..');

const nodeVersionMin = [20, 19];
const lockPath = join(repositoryDir, 'package-lock.json');
const stampPath = join(repositoryDir, 'node_modules', '.signalbox-lock-sha256');
const installedLockPath = join(repositoryDir, 'node_modules', '.package-lock.json');
/** npm writes its own note of an installation a moment before or after the lock file. */
const installSlackMs = 10_000;

/** A problem the reader can solve; printed without a stack. */
export class Refusal extends Error {}

/** Ends the script with a message for people and exit code 1 when `work` fails. */
export async function runScript(work) {
  try {
    await work();
  } catch (error) {
    const text = error instanceof Refusal ? error.message : error.stack;
    process.stderr.write(`${text}\n`);
    process.exitCode = 1;
  }
}

export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [majorMin, minorMin] = nodeVersionMin;
  if (major > majorMin || (major === majorMin && minor >= minorMin)) return;
  throw new Refusal(
    `Node ${process.versions.node} is too old: Signalbox needs ${majorMin}.${minorMin} or newer.`,
  );
}

/**
 * Installs what the lock file says and leaves that file alone. Not `npm ci`: it refuses the whole installation where
 * the registry at hand lacks the optional binaries of some other platform.
 */
export async function installIfNeeded(say) {
  const wanted = createHash('sha256').update(readFileSync(lockPath)).digest('hex');
  if (existsSync(stampPath) && readFileSync(stampPath, 'utf8') === wanted) return;
  if (!installedAfterLock()) {
    const [command, args] = npmCommand([
      'install',
      '--no-save',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ]);
    await step(say, 'installing packages (npm install)', command, args);
  }
  writeFileSync(stampPath, createHash('sha256').update(readFileSync(lockPath)).digest('hex'));
}

function installedAfterLock() {
  if (!existsSync(installedLockPath)) return false;
  return statSync(installedLockPath).mtimeMs >= statSync(lockPath).mtimeMs - installSlackMs;
}

/** The npm that runs this script, else the one on the path. */
function npmCommand(args) {
  const npmScript = process.env['npm_execpath'];
  return npmScript?.endsWith('.js') ? [process.execPath, [npmScript, ...args]] : ['npm', args];
}

/** Builds what has changed; `filters` are workspace names, none means all. */
export function build(say, filters = []) {
  return step(say, 'building', ...turboCommand('build', filters, ['--output-logs=errors-only']));
}

export function turboCommand(task, filters, flags = []) {
  const turbo = join(repositoryDir, 'node_modules', '.bin', 'turbo');
  const chosen = filters.map((name) => `--filter=${name}`);
  return [turbo, ['run', task, ...chosen, '--ui=stream', ...flags]];
}

/** Runs one step and says how long it took; its output is shown only when it fails. */
async function step(say, title, command, args) {
  say(`  ${title} …`);
  const startedMs = performance.now();
  const { code, output } = await run(command, args);
  if (code !== 0)
    throw new Refusal(`${output}\n${title} failed (exit code ${code}). The lines above say why.`);
  say(`  ${title}: done (${((performance.now() - startedMs) / 1000).toFixed(1)} s)`);
}

/** Runs a command in the repository and resolves to its exit code and all it wrote, at most the last 200,000 characters. */
export function run(command, args, { echo = false, env = {} } = {}) {
  return new Promise((resolveRun) => {
    const child = spawn(command, args, {
      cwd: repositoryDir,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', ...env },
    });
    let output = '';
    const collect = (chunk) => {
      if (echo) process.stdout.write(chunk);
      output = (output + String(chunk)).slice(-200_000);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', (error) => resolveRun({ code: 127, output: `${command}: ${error.message}` }));
    child.once('close', (code, signal) =>
      resolveRun({ code: code ?? 1, output: signal ? `${output}${signal}` : output }),
    );
  });
}
