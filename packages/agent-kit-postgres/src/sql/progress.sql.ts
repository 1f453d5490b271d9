/** A record that was marked as a suspect and is still next died with its process: that counts as a claim at its place. */
export const claimPartition = `
UPDATE sb_progress SET
  epoch = epoch + 1,
  claims = CASE
    WHEN claimed_offset IS DISTINCT FROM next_offset AND suspect_offset IS DISTINCT FROM next_offset THEN 1
    WHEN owner IS NULL OR owner = $3 THEN claims
    ELSE claims + 1 END,
  claimed_offset = next_offset,
  owner = $3,
  updated_at = clock_timestamp()
WHERE topic = $1 AND partition = $2
RETURNING next_offset, epoch, claims, last_offset, last_timestamp_ms, last_hash`;

/** Rows for a topic: first offsets when it has none at all, else the offsets for partitions that came later. */
export const startTopic = `
WITH known AS (SELECT EXISTS (SELECT 1 FROM sb_progress WHERE topic = $1) AS some)
INSERT INTO sb_progress (topic, partition, next_offset)
SELECT $1, p.partition, CASE WHEN known.some THEN p.later ELSE p.first END
FROM json_to_recordset($2::json) AS p(partition integer, first bigint, later bigint), known
ON CONFLICT DO NOTHING`;

export const fence = `
WITH moved AS (
  UPDATE sb_progress SET
    next_offset = $5,
    last_offset = coalesce($6, last_offset),
    last_timestamp_ms = coalesce($7, last_timestamp_ms),
    last_hash = coalesce($8, last_hash),
    updated_at = clock_timestamp()
  WHERE topic = $1 AND partition = $2 AND epoch = $3 AND next_offset = $4
  RETURNING 1)
SELECT nextval('sb_chunk') AS chunk, sb_now() AS now FROM moved`;

export const openChunk = `SELECT nextval('sb_chunk') AS chunk, sb_now() AS now`;

export const reposition = `
UPDATE sb_progress SET next_offset = $4, last_offset = NULL, last_timestamp_ms = NULL, last_hash = NULL
WHERE topic = $1 AND partition = $2 AND epoch = $3
RETURNING 1 AS moved`;

export const confirm = `
SELECT next_offset FROM sb_progress WHERE topic = $1 AND partition = $2 AND epoch = $3 FOR UPDATE`;

export const release = `
UPDATE sb_progress p SET owner = NULL
FROM json_to_recordset($2::json) AS r(topic text, partition integer)
WHERE p.topic = r.topic AND p.partition = r.partition AND p.owner = $1`;

/** $1: topics; $2: the agent's internal topic. */
export const inputProgress = `
SELECT topic, partition, next_offset,
  (SELECT min(created_at) FROM sb_outbox WHERE topic = $2) + (SELECT offset_ms FROM sb_clock) * interval '1 millisecond'
    AS oldest_internal_at
FROM sb_progress WHERE topic = ANY($1::text[])`;

/** A process that is alive takes its own mark back, whoever owns the partition by now. */
export const unmarkSuspect = `
UPDATE sb_progress SET suspect_marks = greatest(suspect_marks - 1, 0)
WHERE topic = $1 AND partition = $2 AND suspect_offset = $3`;

export const markSuspect = `
UPDATE sb_progress SET
  suspect_marks = CASE WHEN suspect_offset = $4 THEN suspect_marks + 1 ELSE 1 END, suspect_offset = $4
WHERE topic = $1 AND partition = $2 AND epoch = $3
RETURNING suspect_marks`;
