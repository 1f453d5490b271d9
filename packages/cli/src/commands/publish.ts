import { createProducer } from '@signalbox/agent-kit-kafka';
import { requireLocalState } from '@signalbox/local-stack';
import { createPublisher, type Published, type Publication } from '@signalbox/publisher';
import type { Command } from 'commander';
import type { CommandContext } from '../context.js';
import { collect, wholeNumber } from '../format/arguments.js';
import { printable } from '../format/printable.js';
import { publishData } from '../samples/bodies.js';
import { findContract } from '../samples/find-contract.js';
import { parseAssignment, type Assignment } from '../samples/set-path.js';

const eventsMax = 100_000;
const batchEventsMax = 500;

interface PublishOptions {
  readonly file?: string;
  readonly count: number;
  readonly set?: readonly Assignment[];
  readonly source: string;
  readonly eventId?: string;
}

/** `signalbox publish <event>` */
export function registerPublish(program: Command, context: CommandContext): void {
  program
    .command('publish')
    .description('write an event to its Kafka topic directly, as a service inside the company would')
    .argument('<event>', 'event type, such as user.signed_up')
    .option('-f, --file <path>', 'JSON file with the data, or with an envelope whose data is taken')
    .option('-c, --count <n>', 'how many new events', wholeNumber(1, eventsMax), 1)
    .option(
      '-s, --set <path=value>',
      'set a field of the data; {n} and {id} differ',
      collect(parseAssignment),
    )
    .option('--source <service>', 'who publishes', 'signalbox-cli')
    .option('--event-id <id>', 'the event’s id; publishing the same id again is harmless')
    .action((event: string, options: PublishOptions) => publish(context, event, options));
}

async function publish(
  { output, signal }: CommandContext,
  event: string,
  options: PublishOptions,
): Promise<void> {
  const contract = findContract(event);
  const { kafka } = requireLocalState();
  const bodies = publishData(contract, {
    file: options.file,
    count: options.count,
    assignments: options.set ?? [],
  });
  const events: Publication[] = bodies.map(({ data }) => ({
    contract,
    data: data as never,
    ...(options.eventId === undefined ? {} : { eventId: options.eventId }),
  }));
  const producer = createProducer({ ...kafka, clientId: 'signalbox-cli' });
  try {
    await producer.connect();
    const publisher = createPublisher({ producer, sourceService: options.source });
    for (let at = 0; at < events.length && !signal.aborted; at += batchEventsMax) {
      const published = await publisher.publishMany(events.slice(at, at + batchEventsMax));
      for (const each of published) output.item(jsonOf(event, each), () => textOf(each));
    }
  } finally {
    await producer.close();
  }
}

const jsonOf = (event: string, { eventId, correlationId, topic, partition, key }: Published): object => ({
  event_type: event,
  event_id: eventId,
  correlation_id: correlationId,
  topic,
  partition,
  key,
});

const textOf = ({ topic, partition, key, eventId }: Published): string =>
  `written  ${topic}  partition ${partition}  key ${printable(key, 60)}  ${printable(eventId)}`;
