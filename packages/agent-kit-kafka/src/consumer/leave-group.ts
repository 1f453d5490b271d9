import type { Broker } from 'kafkajs';
import type { KafkaConnectionOptions } from '../connection.js';
import { ClusterClient } from '../inspect/cluster-client.js';
import type { KafkaLogger } from '../log-bridge.js';

/** The part of a kafkajs broker that is not in its types. */
interface Leaving {
  leaveGroup(member: { readonly groupId: string; readonly memberId: string }): Promise<unknown>;
}

/**
 * Takes members out of a group over a connection of its own: on the member's connection the request would wait behind
 * its join. A member the group does not know is none any more. Rejects with what kafkajs said about the broker, soon
 * after `limitMs` at the latest; nothing is left open then.
 */
export async function leaveGroup(
  connection: KafkaConnectionOptions,
  groupId: string,
  memberIds: readonly string[],
  limitMs: number,
  logger?: KafkaLogger,
): Promise<void> {
  const client = new ClusterClient(connection, logger);
  const limit = setTimeout(() => client.cut(), limitMs);
  try {
    await client.use(async (cluster) => {
      // The client knows no broker before its first look.
      await cluster.refreshMetadataIfNecessary();
      const coordinator: Broker = await cluster.findGroupCoordinator({ groupId });
      for (const memberId of memberIds) await leave(coordinator as unknown as Leaving, groupId, memberId);
    });
  } finally {
    await client.close();
    clearTimeout(limit);
  }
}

async function leave(coordinator: Leaving, groupId: string, memberId: string): Promise<void> {
  try {
    await coordinator.leaveGroup({ groupId, memberId });
  } catch (error) {
    if ((error as { readonly type?: unknown }).type !== 'UNKNOWN_MEMBER_ID') throw error;
  }
}
