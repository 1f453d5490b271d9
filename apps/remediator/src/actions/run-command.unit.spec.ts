import { outputBytesMax, runCommand } from './run-command.js';

const node = (script: string): string[] => [process.execPath, '-e', script];
const run = (
  argv: readonly string[],
  timeoutMs = 10_000,
  signal = new AbortController().signal,
): Promise<string> => runCommand(argv, { timeoutMs, signal });

it('resolves with what the program printed on both outputs', async () => {
  const text = await run(node('process.stdout.write("a\\n"); process.stderr.write("b\\n")'));
  expect(text.split(' ').sort()).toEqual(['a', 'b']);
});

it('hands arguments over as they are: no shell reads them', async () => {
  const argument = '$(id) ; echo "x" > /dev/null | *';
  await expect(run([...node('process.stdout.write(process.argv[1])'), argument])).resolves.toBe(argument);
});

it('keeps no more than the end of a long output', async () => {
  const text = await run(node('process.stdout.write("x".repeat(1e6) + "end")'));
  expect(text).toHaveLength(outputBytesMax);
  expect(text.endsWith('end')).toBe(true);
});

it('can try again after a program that failed, and quotes it', async () => {
  await expect(run(node('console.error("no disk"); process.exit(3)'))).rejects.toMatchObject({
    code: 'outbound_failed',
    message: expect.stringMatching(/code 3: no disk/) as string,
  });
});

it('gives up a program that does not exist', async () => {
  await expect(run(['/nonexistent/program'])).rejects.toMatchObject({ code: 'outbound_refused' });
});

const deaf = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)';

it('ends a program that takes too long, and does not know what it did', async () => {
  await expect(run(node(deaf), 200)).rejects.toMatchObject({ code: 'outcome_unknown', retryable: false });
});

it('ends a program when the attempt ends', async () => {
  await expect(run(node(deaf), 10_000, AbortSignal.timeout(200))).rejects.toMatchObject({
    code: 'outcome_unknown',
  });
  await expect(run(node(deaf), 10_000, AbortSignal.abort())).rejects.toMatchObject({
    code: 'outcome_unknown',
  });
});

it('ends what the program started as well', async () => {
  const script =
    'const c = require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"],' +
    ' { stdio: "inherit" }); setInterval(() => {}, 1000)';
  // Resolves only when every holder of the output pipe is gone.
  await expect(run(node(script), 500)).rejects.toMatchObject({ code: 'outcome_unknown' });
});

it('keeps secrets of the remediator from the program', async () => {
  const environment = { WEBHOOK_SECRET: 'a', DATABASE_URL: 'b', KAFKA_SASL_PASSWORD_FILE: 'c', REGION: 'eu' };
  const print = node('process.stdout.write(Object.keys(process.env).join())');
  const names = await runCommand(print, {
    timeoutMs: 10_000,
    signal: new AbortController().signal,
    environment,
  });
  expect(names).toContain('REGION');
  expect(names).not.toMatch(/SECRET|DATABASE_URL|PASSWORD/);
});
