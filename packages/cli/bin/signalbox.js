#!/usr/bin/env node
'use strict';
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const main = join(__dirname, '..', 'dist', 'main.js');
if (existsSync(main)) {
  require(main).run(process.argv.slice(2));
} else {
  process.stderr.write(
    'error stack_unavailable: the signalbox command is not built yet\n' +
      '  what to do: run `npm start`, or `npm run build`, in the repository\n',
  );
  process.exitCode = 1;
}
