// Health check of a container: exit code 0 when the address answers 200. The slim image has no curl.
const [address] = process.argv.slice(2);
try {
  const { status } = await fetch(address, { signal: AbortSignal.timeout(2_500) });
  process.exitCode = status === 200 ? 0 : 1;
} catch {
  process.exitCode = 1;
}
