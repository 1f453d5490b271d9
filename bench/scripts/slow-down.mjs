// Makes the built agent kit slower on purpose, to see whether the ratios of `agent` show it:
//   node bench/scripts/slow-down.mjs <microseconds of CPU an event>     then run bench/dist/main.js agent --quick
// Meant for a clone made for the purpose; `npm run build` undoes it.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const microseconds = Number(process.argv[2]);
if (!(microseconds > 0 && microseconds <= 10_000)) {
  process.stderr.write('Usage: node bench/scripts/slow-down.mjs <microseconds, 1 to 10000>\n');
  process.exit(1);
}

const spin =
  'let slowed = 1;\nconst spin = (turns) => { for (let n = 0; n < turns; n += 1) slowed = (Math.imul(slowed, 31) + n) | 0; };\n';
const measure = new Function(
  `${spin} spin(1e6); const before = process.cpuUsage(); spin(5e7); return process.cpuUsage(before).user / 5e7;`,
);
const turns = Math.round(microseconds / measure());

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const file = join(root, 'packages', 'agent-kit', 'dist', 'chunk', 'decide.step.js');
const code = readFileSync(file, 'utf8');
const place = 'function decideUnit(run, context, item, unit) {';
if (!code.includes(place) || code.includes('let slowed')) {
  process.stderr.write('Build first: the place is not as expected.\n');
  process.exit(1);
}
writeFileSync(file, code.replace(place, `${spin}${place}\n    spin(${turns});`));
process.stdout.write(`Each event now takes ${microseconds} us longer (${turns} turns).\n`);
