export interface MemberSubscription {
  readonly memberId: string;
  readonly topics: readonly string[];
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Gives each partition to a member that subscribed to its topic: the one with the fewest partitions of that topic, then
 * the fewest in all, then the first by id. The same input gives the same answer in any order of members or topics.
 * Every member is in the result; partitions without a subscriber are in none.
 */
export function shareOut(
  members: readonly MemberSubscription[],
  partitions: ReadonlyMap<string, readonly number[]>,
): Map<string, Record<string, number[]>> {
  const sorted = [...members].sort((a, b) => byText(a.memberId, b.memberId));
  const result = new Map<string, Record<string, number[]>>(sorted.map(({ memberId }) => [memberId, {}]));
  const total = new Map<string, number>();
  for (const topic of [...partitions.keys()].sort(byText)) {
    const readers = sorted.filter((member) => member.topics.includes(topic)).map(({ memberId }) => memberId);
    const ofTopic = new Map<string, number>();
    for (const partition of [...(partitions.get(topic) ?? [])].sort((a, b) => a - b)) {
      const load = (id: string): [number, number] => [ofTopic.get(id) ?? 0, total.get(id) ?? 0];
      const [reader] = [...readers].sort(
        (a, b) => load(a)[0] - load(b)[0] || load(a)[1] - load(b)[1] || byText(a, b),
      );
      if (reader === undefined) break;
      const assignment = result.get(reader) ?? {};
      assignment[topic] = [...(assignment[topic] ?? []), partition];
      ofTopic.set(reader, load(reader)[0] + 1);
      total.set(reader, load(reader)[1] + 1);
    }
  }
  return result;
}
