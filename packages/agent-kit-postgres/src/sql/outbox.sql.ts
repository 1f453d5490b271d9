import { cut } from '../blob.js';

/** $1: rows; $2: their records; $3: chunk; $4: process; $5, $6: input partition. */
export const insertOutbox = `
INSERT INTO sb_outbox (chunk, owner, origin_topic, origin_partition, topic, partition, records)
SELECT $3, $4, $5, $6, o.topic, o.partition, ${cut('$2', 'o.at', 'o.length')}
FROM json_to_recordset($1::json) AS o(ordinal integer, topic text, partition integer, at integer, length integer)
ORDER BY o.ordinal
RETURNING id`;

const columns = 'id, chunk, owner, topic, partition, records';

/** Earlier chunks as well: they may hold records of the same keys, which must go out first. */
export const outboxOfChunks = `
SELECT ${columns} FROM sb_outbox
WHERE chunk <= (SELECT max(chunk) FROM unnest($1::bigint[]) AS chunk) AND owner <> $2 ORDER BY id`;

/** With what the same processes wrote before, from wherever: it may hold earlier records of the same keys. */
export const outboxOfPartition = `
WITH left_behind AS (
  SELECT owner, max(id) AS last FROM sb_outbox
  WHERE origin_topic = $1 AND origin_partition = $2 AND owner <> $3 GROUP BY owner)
SELECT ${columns} FROM sb_outbox o WHERE EXISTS (
  SELECT 1 FROM left_behind l WHERE l.owner = o.owner AND o.id <= l.last)
ORDER BY id`;

export const takeSweeperLease = `
UPDATE sb_sweeper SET owner = $1, lease_until = clock_timestamp() + $2 * interval '1 millisecond'
WHERE owner = $1 OR lease_until < clock_timestamp()
RETURNING 1 AS held`;

export const outboxToSweep = `
SELECT ${columns} FROM sb_outbox
WHERE owner <> $1 AND created_at < clock_timestamp() - $2 * interval '1 millisecond'
ORDER BY id LIMIT $3`;

export const deleteOutbox = `DELETE FROM sb_outbox WHERE id = ANY($1::bigint[])`;

export const storedOutbox = `SELECT id FROM sb_outbox WHERE id = ANY($1::bigint[])`;
