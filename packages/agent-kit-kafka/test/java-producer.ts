import { kafkaClassPath } from '@signalbox/local-stack';
import { spawn } from 'node:child_process';
import type { KafkaConnectionOptions } from '../src/connection.js';

/** Writes lines with Kafka's own console producer; resolves when it has ended well. */
export function produceWithJava(
  connection: KafkaConnectionOptions,
  topic: string,
  lines: readonly string[],
  options: readonly string[],
): Promise<void> {
  const args = ['-cp', kafkaClassPath, 'org.apache.kafka.tools.ConsoleProducer'];
  args.push('--bootstrap-server', connection.brokers.join(','), '--topic', topic, ...options);
  return new Promise((resolve, reject) => {
    const java = spawn('java', args, { stdio: ['pipe', 'ignore', 'pipe'] });
    let errors = '';
    java.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    java.once('error', reject);
    java.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`console producer: ${code} ${errors}`)),
    );
    java.stdin.end(lines.map((line) => `${line}\n`).join(''));
  });
}
