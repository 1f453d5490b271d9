// Watches its event loop, says that it is there, and gets stuck when it is told to.
import { watchLoop } from '../src/runtime/loop-watch.js';

watchLoop(1_500);
process.stdout.write('ready\n');
process.stdin.once('data', () => {
  for (;;);
});
