import { createInspector, listTopics, type KafkaInspector } from '@signalbox/agent-kit-kafka';
import { SignalboxError } from '@signalbox/errors';
import { requireLocalState, type LocalState } from '@signalbox/local-stack';

/** Gives work an inspector of the stack's Kafka and closes it afterwards. */
export async function withInspector<T>(
  work: (inspector: KafkaInspector, connection: LocalState['kafka']) => Promise<T>,
  connection: LocalState['kafka'] = requireLocalState().kafka,
): Promise<T> {
  const inspector = createInspector({ ...connection, clientId: 'signalbox-cli' });
  try {
    return await work(inspector, connection);
  } finally {
    await inspector.close();
  }
}

/** Throws `not_found` with the names that are near when Kafka has no such topic. */
export async function requireTopic(connection: LocalState['kafka'], topic: string): Promise<void> {
  const topics = await listTopics(connection);
  if (topics.includes(topic)) return;
  const near = topics.filter((name) => name.includes(topic) || topic.includes(name));
  throw new SignalboxError('not_found', `Kafka has no topic ${topic}.`, {
    action: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : 'See `npx signalbox topics list`.',
  });
}
