/** $1: topics; $2: partitions; $3: records; $4: chunk; $5: process; $6, $7: input partition. */
export const insertOutbox = `
INSERT INTO sb_outbox (chunk, owner, origin_topic, origin_partition, topic, partition, records)
SELECT $4, $5, $6, $7, o.topic, o.partition, o.records
FROM unnest($1::text[], $2::integer[], $3::bytea[]) AS o(topic, partition, records)
RETURNING id`;

const columns = 'id, chunk, owner, topic, partition, records';

/**
 * Earlier chunks as well, and whatever the same processes wrote before, also under a higher chunk: a chunk has its number
 * before it has its keys. Those rows may hold records of the same keys, which must go out first.
 */
export const outboxOfChunks = `
WITH asked_for AS (
  SELECT owner, max(id) AS last FROM sb_outbox
  WHERE chunk <= (SELECT max(chunk) FROM unnest($1::bigint[]) AS chunk) AND owner <> $2 GROUP BY owner)
SELECT ${columns} FROM sb_outbox o WHERE EXISTS (
  SELECT 1 FROM asked_for a WHERE a.owner = o.owner AND o.id <= a.last)
ORDER BY id`;

/** With what the same processes wrote before, from wherever: it may hold earlier records of the same keys. */
export const outboxOfPartition = `
WITH left_behind AS (
  SELECT owner, max(id) AS last FROM sb_outbox
  WHERE origin_topic = $1 AND origin_partition = $2 AND owner <> $3 GROUP BY owner)
SELECT ${columns} FROM sb_outbox o WHERE EXISTS (
  SELECT 1 FROM left_behind l WHERE l.owner = o.owner AND o.id <= l.last)
ORDER BY id`;

const isLeftBehind = (age: string): string =>
  `owner <> $1 AND created_at < clock_timestamp() - ${age} * interval '1 millisecond'`;

/** $1: process; $2: lease and $3: age of what is swept, in milliseconds. Nothing is written while nothing is to be swept. */
export const takeSweeperLease = `
UPDATE sb_sweeper SET owner = $1, lease_until = clock_timestamp() + $2 * interval '1 millisecond'
WHERE (owner = $1 OR lease_until < clock_timestamp())
  AND EXISTS (SELECT 1 FROM sb_outbox WHERE ${isLeftBehind('$3')})
RETURNING 1 AS held`;

/** $1: process; $2: age in milliseconds; $3: rows at most. */
export const outboxToSweep = `
SELECT ${columns} FROM sb_outbox
WHERE ${isLeftBehind('$2')}
ORDER BY id LIMIT $3`;

export const deleteOutbox = `DELETE FROM sb_outbox WHERE id = ANY($1::bigint[])`;

export const storedOutbox = `SELECT id FROM sb_outbox WHERE id = ANY($1::bigint[])`;
