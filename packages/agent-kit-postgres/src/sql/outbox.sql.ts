import { cut } from '../blob.js';

/** $1: rows; $2: their records; $3: chunk; $4: process; $5, $6: input partition. */
export const insertOutbox = `
INSERT INTO sb_outbox (chunk, owner, origin_topic, origin_partition, topic, partition, records)
SELECT $3, $4, $5, $6, o.topic, o.partition, ${cut('$2', 'o.at', 'o.length')}
FROM json_to_recordset($1::json) AS o(ordinal integer, topic text, partition integer, at integer, length integer)
ORDER BY o.ordinal
RETURNING id`;

const columns = 'id, chunk, owner, topic, partition, records';

export const outboxOfChunks = `
SELECT ${columns} FROM sb_outbox WHERE chunk = ANY($1::bigint[]) AND owner <> $2 ORDER BY id`;

export const outboxOfPartition = `
SELECT ${columns} FROM sb_outbox WHERE origin_topic = $1 AND origin_partition = $2 AND owner <> $3 ORDER BY id`;

export const takeSweeperLease = `
UPDATE sb_sweeper SET owner = $1, lease_until = clock_timestamp() + $2 * interval '1 millisecond'
WHERE owner = $1 OR lease_until < clock_timestamp()
RETURNING 1 AS held`;

export const outboxToSweep = `
SELECT ${columns} FROM sb_outbox
WHERE owner <> $1 AND created_at < clock_timestamp() - $2 * interval '1 millisecond'
ORDER BY id LIMIT $3`;

export const deleteOutbox = `DELETE FROM sb_outbox WHERE id = ANY($1::bigint[])`;
