// `npm run bench -- <name> [--quick] [--json]`: builds what is measured, then runs the bench. Everything but the result
// goes to standard error, so that `--json` gives one object and nothing else.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build, checkNode, installIfNeeded, repositoryDir, runScript } from '../infra/prepare.mjs';

const say = (text) => process.stderr.write(`${text}\n`);

await runScript(async () => {
  checkNode();
  await installIfNeeded(say);
  await build(say, ['@signalbox/bench']);
  const entry = join(repositoryDir, 'bench', 'dist', 'main.js');
  const child = spawn(process.execPath, [entry, ...process.argv.slice(2)], { stdio: 'inherit' });
  // Ctrl-C reaches the bench through the terminal; this process only waits for it to clean up.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => undefined);
  process.exitCode = await new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)));
});
