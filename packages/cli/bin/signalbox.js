#!/usr/bin/env node
'use strict';
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const entry = join(__dirname, '..', 'dist', 'run.js');
if (existsSync(entry)) {
  require(entry);
} else {
  process.stderr.write(
    'error stack_unavailable: the signalbox command is not built yet\n' +
      '  what to do: run `npm start`, or `npm run build`, in the repository\n',
  );
  process.exitCode = 1;
}
