import type { KafkaConnectionOptions } from '../src/connection.js';
import { withAdmin } from './kafka.js';

/** Client ids of the members a group has now, as its broker sees it, sorted. */
export function membersOf(connection: KafkaConnectionOptions, groupId: string): Promise<string[]> {
  return withAdmin(connection, (admin) =>
    admin.use(async (client) => {
      const { groups } = await client.describeGroups([groupId]);
      return groups.flatMap(({ members }) => members.map(({ clientId }) => clientId)).sort();
    }),
  );
}

/** TCP connections this process has open. */
export const openSockets = (): number =>
  process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
