import { execFile } from 'node:child_process';
import { SignalboxError } from '@signalbox/errors';
import { kafkaClassPath } from '../kafka/jars.js';
import { findJava } from '../kafka/java.js';

/** Runs one of Kafka's own tools, a client that shares no code with ours; resolves to its standard output. */
export async function kafkaTool(mainClass: string, args: readonly string[]): Promise<string> {
  const { path } = await findJava();
  const flags = ['-XX:TieredStopAtLevel=1', '-Dorg.slf4j.simpleLogger.defaultLogLevel=error'];
  return new Promise((resolve, reject) => {
    execFile(
      path,
      [...flags, '-cp', kafkaClassPath, mainClass, ...args],
      { timeout: 60_000 },
      (error, stdout) =>
        error ? reject(new SignalboxError('stack_unavailable', error.message)) : resolve(stdout),
    );
  });
}
