// `npm run dev -- <app>`: that app from source with watch and restart, in place of the one in the running stack.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { checkNode, repositoryDir, runScript } from './prepare.mjs';

await runScript(async () => {
  checkNode();
  const entry = join(repositoryDir, 'packages', 'cli', 'bin', 'signalbox.js');
  process.argv = [process.argv[0], entry, 'dev', ...process.argv.slice(2)];
  createRequire(import.meta.url)(entry);
});
