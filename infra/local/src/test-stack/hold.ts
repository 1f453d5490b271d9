import { rmSync } from 'node:fs';
import { attachTestStack, stopTestStack } from './test-stack.js';
import { testStackFiles } from './test-stack-files.js';

/**
 * For infra/test.mjs: starts a stack in the folder given, writes its addresses as one line of JSON, and ends it when
 * standard input closes, which also happens when the parent is killed.
 */
async function main(dir: string): Promise<void> {
  const files = testStackFiles(dir);
  const closed = new Promise<void>((resolve) =>
    process.stdin.resume().once('close', resolve).once('end', resolve),
  );
  // Ctrl-C reaches the whole group of the test command; the end is told through standard input.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => undefined);
  const stack = await attachTestStack(files);
  process.stdout.write(`${JSON.stringify(stack)}\n`);
  await closed;
  await stopTestStack(files);
  rmSync(dir, { recursive: true, force: true });
}

main(process.argv[2] ?? testStackFiles().dir).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
