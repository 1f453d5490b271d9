// `npm start`: everything a new clone needs, then the stack. Arguments go to `signalbox up` (for example --detach).
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build, checkNode, installIfNeeded, repositoryDir, runScript } from './prepare.mjs';

const say = (text) => process.stderr.write(`${text}\n`);

await runScript(async () => {
  checkNode();
  say('Preparing Signalbox');
  await installIfNeeded(say);
  await build(say);
  const entry = join(repositoryDir, 'packages', 'cli', 'bin', 'signalbox.js');
  process.argv = [process.argv[0], entry, 'up', ...process.argv.slice(2)];
  createRequire(import.meta.url)(entry);
});
