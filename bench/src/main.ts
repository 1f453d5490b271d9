import { loadavg } from 'node:os';
import { agentBench } from './benches/agent.js';
import { agentsBench } from './benches/agents.js';
import { backlogBench } from './benches/backlog.js';
import { curvesBench } from './benches/curves.js';
import { connectorBench } from './benches/connector.js';
import { footprintBench } from './benches/footprint.js';
import { gatewayBench } from './benches/gateway.js';
import { growthBench } from './benches/growth.js';
import { latencyBench } from './benches/latency.js';
import { retryBench } from './benches/retry.js';
import { timersBench } from './benches/timers.js';
import { verifyBench } from './benches/verify.js';
import { readArguments, type BenchFunction } from './harness/arguments.js';
import { progress, result } from './harness/output.js';
import { createProfiler, useProfiler } from './harness/profile.js';
import { resultText } from './harness/result-text.js';
import { keepResult } from './harness/keep-result.js';
import { coreCount, isMet, type BenchResult } from './harness/result.js';
import { startStack, type BenchStack } from './harness/stack.js';
import { significant } from './harness/stats.js';
import { limitTime } from './harness/time-limit.js';
import { versions } from './harness/versions.js';

const benches: Readonly<Record<string, BenchFunction>> = {
  agent: agentBench,
  agents: agentsBench,
  gateway: gatewayBench,
  latency: latencyBench,
  verify: verifyBench,
  timers: timersBench,
  connector: connectorBench,
  retry: retryBench,
  backlog: backlogBench,
  growth: growthBench,
  footprint: footprintBench,
  curves: curvesBench,
};

/** A quick run measures until so long after the process started; what comes before and after it fits into a minute. */
const quickMsMax = 44_000;

/** Runs one bench. The exit code is 1 only when a side failed or lost an event: a ratio that was not reached is a result. */
async function main(args: readonly string[]): Promise<void> {
  const { name, bench, quick, json, profile, keep } = readArguments(args, benches);
  if (quick) limitTime(quickMsMax);
  const profiler = profile ? createProfiler(name) : undefined;
  if (profiler) useProfiler(profiler);
  let stack: Promise<BenchStack> | undefined;
  const openStack = (): Promise<BenchStack> => (stack ??= startStack());
  try {
    progress(`bench ${name}${quick ? ' (quick)' : ''}`);
    const measured = await bench(openStack, quick);
    const done: BenchResult = {
      bench: name,
      measuredAt: new Date().toISOString(),
      versions: versions(),
      cores: coreCount(),
      loadAverage: significant(loadavg()[0] ?? NaN, 3),
      ...measured,
      met: isMet(measured.ratios),
    };
    result(json ? JSON.stringify(done) : resultText(done));
    if (keep) progress(`wrote ${keepResult(done)}`);
  } finally {
    await (await stack)?.stop();
    for (const path of profiler?.finish() ?? []) progress(`wrote ${path}`);
    progress(`took ${(performance.now() / 1_000).toFixed(1)} s`);
  }
}

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => process.exit(1));

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    progress(error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exit(1);
  },
);
