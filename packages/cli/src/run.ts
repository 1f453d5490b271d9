import { run } from './main.js';

run(process.argv.slice(2));
