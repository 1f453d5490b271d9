import { applyTopics, type TopicsReport } from '@signalbox/agent-kit-kafka';
import type { KafkaConnection } from '@signalbox/config';
import { stackSources } from './stack-sources.js';
import { sourceTopics } from '@signalbox/sources';
import { agentTopics, catalogueTopics, type TopicSpec } from '@signalbox/contracts';
import { stackSettings } from '@signalbox/local-stack';

/** Every topic of the installation: the catalogue's, the gateway's, and those each source, agent and connector has for itself. */
export function stackTopics(): TopicSpec[] {
  const agents = stackSettings().allApps.flatMap(({ agent }) => (agent === undefined ? [] : [agent]));
  return [
    ...catalogueTopics(),
    ...sourceTopics(stackSources()),
    ...agents.flatMap((agent) => agentTopics(agent)),
  ];
}

/** Makes them be as the catalogue says; safe to repeat. */
export function applyStackTopics(
  kafka: KafkaConnection,
  { partitions, replication }: { partitions: number; replication: number },
): Promise<TopicsReport> {
  return applyTopics(kafka, stackTopics(), { partitions, replication });
}
