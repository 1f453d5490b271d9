// `npm test [-- workspace …]`: every gate and every test against one real Kafka and one real PostgreSQL. The last line
// is `N passed, N failed`; each gate counts as one test, a suite that could not run as a failed one.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';
import {
  Refusal,
  checkNode,
  installIfNeeded,
  repositoryDir,
  run,
  runScript,
  turboCommand,
} from './prepare.mjs';

const say = (text) => process.stdout.write(`${text}\n`);

/** Every workspace: name and folder. */
function workspaces() {
  const { workspaces: patterns } = JSON.parse(readFileSync(join(repositoryDir, 'package.json'), 'utf8'));
  const dirs = patterns.flatMap((pattern) => {
    if (!pattern.endsWith('/*')) return [pattern];
    const parent = pattern.slice(0, -2);
    return readdirSync(join(repositoryDir, parent)).map((name) => `${parent}/${name}`);
  });
  return dirs
    .filter((dir) => existsSync(join(repositoryDir, dir, 'package.json')))
    .map((dir) => ({
      dir,
      name: JSON.parse(readFileSync(join(repositoryDir, dir, 'package.json'), 'utf8')).name,
    }));
}

/** Takes `gateway`, `apps/gateway` and `@signalbox/gateway`. */
function choose(all, wanted) {
  return wanted.map((text) => {
    const found = all.find(({ name, dir }) => [name, name.replace('@signalbox/', ''), dir].includes(text));
    if (found) return found;
    throw new Refusal(`There is no workspace ${text}. Known are: ${all.map(({ name }) => name).join(', ')}.`);
  });
}

/** One Kafka and one PostgreSQL for the whole run, unless they are named by the environment. */
async function startStack() {
  if (process.env['SIGNALBOX_TEST_KAFKA_BROKERS'] && process.env['SIGNALBOX_TEST_DATABASE_URL']) {
    return { env: {}, stop: async () => undefined };
  }
  const entry = join(repositoryDir, 'infra', 'local', 'src', 'test-stack', 'hold.ts');
  const dir = join(repositoryDir, '.signalbox', 'test-runs', String(process.pid));
  const flags = ['--conditions=@signalbox/source', '-r', join(repositoryDir, 'infra', 'register-source.cjs')];
  const holder = spawn(process.execPath, [...flags, entry, dir], {
    cwd: repositoryDir,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => holder.once('exit', resolve));
  const firstLine = new Promise((resolve) => createInterface({ input: holder.stdout }).once('line', resolve));
  const line = await Promise.race([firstLine, ended.then(() => undefined)]);
  if (line === undefined) throw new Refusal('The test stack did not start; the lines above say why.');
  const { kafkaBrokers, databaseUrl } = JSON.parse(line);
  return {
    env: { SIGNALBOX_TEST_KAFKA_BROKERS: kafkaBrokers.join(','), SIGNALBOX_TEST_DATABASE_URL: databaseUrl },
    async stop() {
      holder.stdin.end();
      await ended;
    },
  };
}

/**
 * The gates: what stands in one lane goes one after another, lanes go side by side once everything is built. Over the
 * whole repository two processes do the linting: each type is read twice, not once for every workspace.
 */
function gates(filters) {
  const quiet = ['--output-logs=errors-only', '--continue=dependencies-successful'];
  const perWorkspace = (task) => [task, ...turboCommand(task, filters, quiet)];
  const first = perWorkspace('build');
  if (filters.length > 0) return { first, lanes: [[perWorkspace('lint'), perWorkspace('typecheck')]] };
  const whole = (script) => [script, 'npm', ['run', '--silent', script]];
  const rest = ['apps', 'tests', 'bench', 'infra', '*.mjs', '*.cjs'];
  return {
    first,
    lanes: [
      [lint('lint of packages', ['packages']), whole('format:check'), whole('deadcode')],
      [lint('lint of the rest', rest), perWorkspace('typecheck'), whole('boundaries')],
    ],
  };
}

/** Types of many workspaces at once are more than Node's usual heap holds. */
function lint(title, patterns) {
  const eslint = join(repositoryDir, 'node_modules', 'eslint', 'bin', 'eslint.js');
  return [title, process.execPath, ['--max-old-space-size=3072', eslint, ...patterns]];
}

async function runGates(filters) {
  const { first, lanes } = gates(filters);
  const passed = [await runGate(first)];
  const inLane = async (lane) => {
    for (const gate of lane) passed.push(await runGate(gate));
  };
  await Promise.all(lanes.map(inLane));
  return { passed: passed.filter(Boolean).length, failed: passed.filter((ok) => !ok).length };
}

async function runGate([title, command, args]) {
  const startedMs = performance.now();
  const { code, output } = await run(command, args);
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  if (code !== 0) say(output);
  say(`${code === 0 ? 'ok    ' : 'FAILED'} ${title} (${seconds} s)`);
  return code === 0;
}

/** Old results must not be counted when a workspace's tests do not run at all. */
async function runTests(chosen, filters, env) {
  for (const { dir } of chosen) rmSync(join(repositoryDir, dir, '.jest-results.json'), { force: true });
  const flags = ['--continue=always', '--concurrency=2', '--output-logs=errors-only'];
  const { code } = await run(...turboCommand('test', filters, flags), { echo: true, env });
  const sums = chosen.map((workspace) => ({ ...workspace, ...results(workspace.dir) }));
  for (const { name, passed, failed } of sums) {
    if (passed + failed > 0)
      say(`${failed === 0 ? 'ok    ' : 'FAILED'} ${name}: ${passed} passed, ${failed} failed`);
  }
  for (const failure of sums.flatMap(({ failures }) => failures)) sayFailure(failure);
  const passed = sums.reduce((sum, result) => sum + result.passed, 0);
  const failed = sums.reduce((sum, result) => sum + result.failed, 0);
  // turbo failed for a reason that no test tells.
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed };
}

function results(dir) {
  const path = join(repositoryDir, dir, '.jest-results.json');
  if (!existsSync(path)) return { passed: 0, failed: 1, failures: [] };
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, testResults } = JSON.parse(
    readFileSync(path, 'utf8'),
  );
  return {
    passed: numPassedTests,
    failed: numFailedTests + numRuntimeErrorTestSuites,
    failures: testResults.filter(({ status }) => status === 'failed').flatMap(failuresOf),
  };
}

/** Of one file of tests; a file that could not run has a message of its own and no test. */
function failuresOf({ name, message, assertionResults }) {
  const file = relative(repositoryDir, name);
  const failed = assertionResults.filter(({ status }) => status === 'failed');
  if (failed.length === 0) return [{ file, test: 'the file could not run', message }];
  return failed.map(({ fullName, failureMessages }) => ({
    file,
    test: fullName,
    message: failureMessages.join('\n'),
  }));
}

/** Said again at the end, where a long log is read first; the whole message stands above. */
function sayFailure({ file, test, message }) {
  say(`\nFAILED ${file}\n  ${test}`);
  const lines = stripVTControlCharacters(message).split('\n');
  for (const line of lines.filter((text) => text.trim() !== '').slice(0, 20)) say(`    ${line}`);
}

await runScript(async () => {
  checkNode();
  const all = workspaces();
  const wanted = choose(all, process.argv.slice(2));
  await installIfNeeded(say);
  mkdirSync(join(repositoryDir, '.signalbox'), { recursive: true });
  const filters = wanted.map(({ name }) => name);
  // Ctrl-C ends the running step through the process group; the rest of the run is skipped, the stack still stopped.
  let interrupted = false;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => (interrupted = true));
  const gateSum = await runGates(filters);
  let testSum = { passed: 0, failed: 1 };
  if (!interrupted) {
    const stack = await startStack();
    try {
      testSum = await runTests(wanted.length > 0 ? wanted : all, filters, stack.env);
    } finally {
      await stack.stop();
    }
  }
  const failed = gateSum.failed + testSum.failed;
  if (failed > 0 || interrupted) process.exitCode = 1;
  say(`${gateSum.passed + testSum.passed} passed, ${failed} failed`);
});
