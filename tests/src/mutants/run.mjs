// `npm run mutants [-- word …]`: breaks a copy of the tree in twelve ways, one after another, and runs the one test that
// must notice. A mutant counts as caught only when that test failed and said the stated reason.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { mutants } from './mutants.mjs';

const repositoryDir = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const TEST_MS_MAX = 480_000;
/** A count instead of a time: what is found must not depend on how busy the machine is. `npm test` runs at least as many. */
const SEEDS = '24';
const say = (text) => process.stdout.write(`${text}\n`);

/** A copy of everything that is tracked or could be, with the installed packages linked and the workspaces its own. */
function copyTree() {
  const dir = mkdtempSync(join(tmpdir(), 'signalbox-mutants-'));
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: repositoryDir,
    maxBuffer: 2 ** 26,
  });
  for (const file of files.toString().split('\0')) {
    if (file !== '' && existsSync(join(repositoryDir, file)))
      cpSync(join(repositoryDir, file), join(dir, file), { recursive: true });
  }
  linkPackages(join(repositoryDir, 'node_modules'), join(dir, 'node_modules'));
  for (const group of ['packages', 'apps']) {
    for (const name of readdirSync(join(dir, group))) {
      const nested = join(repositoryDir, group, name, 'node_modules');
      if (existsSync(nested)) symlinkSync(nested, join(dir, group, name, 'node_modules'));
      const generated = join(repositoryDir, group, name, 'src', 'generated');
      if (existsSync(generated))
        cpSync(generated, join(dir, group, name, 'src', 'generated'), { recursive: true });
    }
  }
  return dir;
}

function linkPackages(from, to) {
  mkdirSync(join(to, '@signalbox'), { recursive: true });
  for (const name of readdirSync(from)) {
    if (name !== '@signalbox') symlinkSync(join(from, name), join(to, name));
  }
  // npm's own links are relative, so the copy's lead to the copy's workspaces.
  cpSync(join(from, '@signalbox'), join(to, '@signalbox'), { recursive: true, verbatimSymlinks: true });
}

/** Applies the changes; each must be found exactly once. Returns how to undo them. */
function apply(dir, { name, file, changes }) {
  const path = join(dir, file);
  const original = readFileSync(path, 'utf8');
  let text = original;
  for (const { find, replace } of changes) {
    if (text.split(find).length !== 2)
      return { problem: `${file} does not hold exactly once what '${name}' changes:\n${find}` };
    text = text.replace(find, () => replace);
  }
  writeFileSync(path, text);
  return { undo: () => writeFileSync(path, original) };
}

/** A Kafka and a PostgreSQL beside the original tree: the copy may lie where the database's user cannot read. */
async function startStack() {
  // Told which to use: that one.
  if (process.env.SIGNALBOX_TEST_KAFKA_BROKERS) return { env: process.env, stop: () => undefined };
  const flags = ['--conditions=@signalbox/source', '-r', join(repositoryDir, 'infra', 'register-source.cjs')];
  const entry = join(repositoryDir, 'infra', 'local', 'src', 'test-stack', 'hold.ts');
  const state = join(repositoryDir, '.signalbox', 'test-runs', String(process.pid));
  const holder = spawn(process.execPath, [...flags, entry, state], {
    cwd: repositoryDir,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => holder.once('exit', resolve));
  const line = await Promise.race([
    new Promise((resolve) => createInterface({ input: holder.stdout }).once('line', resolve)),
    ended,
  ]);
  if (typeof line !== 'string') throw new Error('Kafka and PostgreSQL did not start; their reason is above');
  const { kafkaBrokers, databaseUrl } = JSON.parse(line);
  const env = {
    ...process.env,
    SIGNALBOX_TEST_KAFKA_BROKERS: kafkaBrokers.join(','),
    SIGNALBOX_TEST_DATABASE_URL: databaseUrl,
  };
  return { env, stop: () => (holder.stdin.end(), ended) };
}

/** Runs one test by its name; what it said when it failed. */
function runTest(dir, { workspace, file, test }, env) {
  const cwd = join(dir, workspace);
  const results = join(dir, 'results.json');
  rmSync(results, { force: true });
  const preset = join(dir, 'jest.preset.cjs');
  const jest = join(repositoryDir, 'node_modules', 'jest', 'bin', 'jest.js');
  const pattern = `${test.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`;
  const flags = ['--config', preset, '--rootDir', '.', '--runTestsByPath', file, '-t', pattern, '--ci'];
  const { error } = spawnSync(process.execPath, [jest, ...flags, '--json', '--outputFile', results], {
    cwd,
    timeout: TEST_MS_MAX,
    env: { ...env, SIM_SEEDS: SEEDS },
    stdio: 'ignore',
  });
  if (error || !existsSync(results))
    return { problem: `the test did not end within ${TEST_MS_MAX / 1_000} s` };
  const [suite] = JSON.parse(readFileSync(results, 'utf8')).testResults;
  const ran = (suite?.assertionResults ?? []).find(
    ({ title, status }) => title === test && status !== 'pending',
  );
  if (!ran) return { problem: `the test did not run: ${suite?.message ?? 'no suite'}` };
  return { passed: ran.status === 'passed', message: ran.failureMessages.join('\n') };
}

/** One line on how the mutant fared; undefined problem = caught. */
function judge(dir, mutant, env) {
  const { undo, problem } = apply(dir, mutant);
  if (problem) return { problem };
  try {
    const result = runTest(dir, mutant.caughtBy, env);
    if (result.problem) return { problem: result.problem };
    if (result.passed) return { problem: 'the test passed all the same' };
    if (!mutant.reason.test(result.message))
      return { problem: `the test failed for another reason:\n${result.message.slice(0, 2_000)}` };
    return { said: firstBroken(result.message) };
  } finally {
    undo();
  }
}

function firstBroken(message) {
  const plain = message.replaceAll('\u001b', '').replace(/\[\d+m/g, '');
  const seed = /SEED \d+/.exec(plain)?.[0];
  if (!seed) return plain.split('\n').find((line) => line.trim() !== '') ?? '';
  const lines = plain.split('\n');
  const at = lines.findIndex((line) => line.includes('Replay:'));
  return `${seed}: ${(lines[at + 1] ?? '').trim().slice(0, 120)}`;
}

const words = process.argv.slice(2);
const chosen = mutants.filter(({ name, caughtBy }) =>
  words.every((word) => name.includes(word) || caughtBy.file.includes(word)),
);
const needsStack = chosen.some(({ caughtBy }) => caughtBy.file.endsWith('.int.spec.ts'));
const stack = needsStack ? await startStack() : { env: process.env, stop: () => undefined };
const { env } = stack;
const dir = copyTree();
let caught = 0;
let bySimulation = 0;
try {
  const tests = new Map(chosen.map(({ caughtBy }) => [`${caughtBy.file} ${caughtBy.test}`, caughtBy]));
  for (const test of tests.values()) {
    const { passed, problem, message } = runTest(dir, test, env);
    if (!passed) throw new Error(`'${test.test}' fails without a mutant: ${problem ?? message}`);
  }
  for (const mutant of chosen) {
    const { problem, said } = judge(dir, mutant, env);
    const isSimulated = mutant.caughtBy.file.includes('simulation');
    if (problem === undefined) caught += 1;
    if (problem === undefined && isSimulated) bySimulation += 1;
    say(problem === undefined ? `caught  ${mutant.name}: ${said}` : `ALIVE   ${mutant.name}: ${problem}`);
    say(`        by '${mutant.caughtBy.test}' because ${mutant.why}`);
  }
} finally {
  rmSync(dir, { recursive: true, force: true });
  await stack.stop();
}
say(
  `${caught} of ${chosen.length} mutants caught, ${bySimulation} of them by the simulation alone, ` +
    `within the first ${SEEDS} seeds`,
);
if (caught < chosen.length) process.exitCode = 1;
