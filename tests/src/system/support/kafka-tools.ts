import { findJava, kafkaClassPath } from '@signalbox/local-stack';
import { spawn } from 'node:child_process';

const flags = [
  '-XX:TieredStopAtLevel=1',
  '-XX:+UseSerialGC',
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=error',
];

/** Runs one of Kafka's own Java tools with `input` on its standard input; resolves to its output. */
async function runTool(mainClass: string, args: readonly string[], input = ''): Promise<string> {
  const { path } = await findJava();
  return new Promise((resolve, reject) => {
    const tool = spawn(path, [...flags, '-cp', kafkaClassPath, mainClass, ...args]);
    let output = '';
    let errors = '';
    tool.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    tool.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString('utf8')));
    tool.once('error', reject);
    tool.once('close', (code) =>
      code === 0 ? resolve(output) : reject(new Error(`${mainClass}: ${code} ${errors}`)),
    );
    tool.stdin.end(input);
  });
}

export interface KeyedLine {
  readonly key: string;
  /** Without line ends. */
  readonly value: string;
}

/** Writes records with Kafka's console producer, in one batch when they fit; `codec` as the tool spells it. */
export async function consoleProduce(
  brokers: readonly string[],
  topic: string,
  lines: readonly KeyedLine[],
  codec = 'none',
): Promise<void> {
  const args = ['--bootstrap-server', brokers.join(','), '--topic', topic, '--compression-codec', codec];
  args.push(
    '--reader-property',
    'parse.key=true',
    '--reader-property',
    'key.separator=\t',
    '--timeout',
    '100',
  );
  const input = lines.map(({ key, value }) => `${key}\t${value}\n`).join('');
  await runTool('org.apache.kafka.tools.ConsoleProducer', args, input);
}

/** Everything a topic holds, read by Kafka's console consumer: the values, one a line. */
export async function consoleConsume(brokers: readonly string[], topic: string): Promise<string[]> {
  const args = ['--bootstrap-server', brokers.join(','), '--topic', topic, '--from-beginning'];
  const output = await runTool('org.apache.kafka.tools.consumer.ConsoleConsumer', [
    ...args,
    '--timeout-ms',
    '6000',
  ]);
  return output.split('\n').filter((line) => line !== '');
}

/** Deletes a topic with Kafka's own tool. */
export async function deleteTopic(brokers: readonly string[], topic: string): Promise<void> {
  const args = ['--bootstrap-server', brokers.join(','), '--delete', '--topic', topic];
  await runTool('org.apache.kafka.tools.TopicCommand', args);
}

export interface PartitionPlace {
  readonly partition: number;
  /** Node id; 0 while there is none. */
  readonly leader: number;
  /** Node ids of the copies that are up to date. */
  readonly inSync: readonly number[];
}

/** Where the partitions of a topic are, as Kafka's own tool sees it. */
export async function describeTopic(brokers: readonly string[], topic: string): Promise<PartitionPlace[]> {
  const args = ['--bootstrap-server', brokers.join(','), '--describe', '--topic', topic];
  const text = await runTool('org.apache.kafka.tools.TopicCommand', args);
  return [...text.matchAll(/Partition: (\d+)\s+Leader: (\S+)\s.*?Isr: ([\d,]*)/g)].map(
    ([, partition, leader, inSync = '']) => ({
      partition: Number(partition),
      leader: Number(leader) || 0,
      inSync: inSync.split(',').filter(Boolean).map(Number),
    }),
  );
}
