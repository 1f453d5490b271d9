import { goProgram, pythonProgram, shellProgram, type Program } from '../programs.js';
import { itFailsLoudly, itPublishes } from '../published.js';

// `npm run test:publishers`: needs Python 3, Go and kcat, and fetches the client libraries.
const programs: readonly [name: string, program: Program][] = [
  ['Shell', shellProgram],
  ['Python', pythonProgram()],
  ['Go', goProgram],
];

for (const [name, program] of programs) {
  itPublishes(name, program);
  itFailsLoudly(name, program);
}
