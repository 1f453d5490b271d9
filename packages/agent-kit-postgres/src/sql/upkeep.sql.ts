/** $1: window in milliseconds; $2: rows at most. */
export const forgetInbox = `
WITH gone AS (
  DELETE FROM sb_inbox WHERE identity IN (
    SELECT identity FROM sb_inbox WHERE received_at < now() - $1 * interval '1 millisecond' LIMIT $2 FOR UPDATE SKIP LOCKED)
  RETURNING received_at),
noted AS (
  UPDATE sb_inbox_window SET forgotten_until = greatest(forgotten_until, (SELECT max(received_at) FROM gone))
  WHERE EXISTS (SELECT 1 FROM gone))
SELECT (SELECT count(*)::integer FROM gone) AS deleted,
  greatest(forgotten_until, (SELECT max(received_at) FROM gone)) AS until
FROM sb_inbox_window`;

/** $1, $2: key to go on after; $3: rows at most. */
export const dropEmptyKeys = `
WITH page AS (
  SELECT kind, value, state IS NULL AND NOT blocked AS is_empty FROM sb_key
  WHERE (kind, value) > ($1, $2) ORDER BY kind, value LIMIT $3),
locked AS (
  SELECT k.kind, k.value FROM sb_key k JOIN page p ON p.kind = k.kind AND p.value = k.value
  WHERE p.is_empty AND k.state IS NULL AND NOT k.blocked
    AND NOT EXISTS (
      SELECT 1 FROM sb_pending w WHERE w.kind = 'timer' AND w.key_kind = k.kind AND w.key_value = k.value)
    AND NOT EXISTS (
      SELECT 1 FROM sb_pending w
      WHERE (w.kind <> 'timer' OR w.is_queued) AND w.key_kind = k.kind AND w.key_value = k.value)
    AND NOT EXISTS (SELECT 1 FROM sb_outbox o WHERE o.owner = k.last_owner AND o.chunk <= k.last_chunk)
  ORDER BY k.kind, k.value FOR UPDATE OF k SKIP LOCKED),
gone AS (
  DELETE FROM sb_key k USING locked l WHERE k.kind = l.kind AND k.value = l.value RETURNING 1)
SELECT kind, value, (SELECT count(*)::integer FROM gone) AS deleted
FROM page WHERE (SELECT count(*) FROM page) = $3 ORDER BY kind DESC, value DESC LIMIT 1`;

/** $1: process; $2: age in milliseconds; $3: ids it knows about; $4: rows at most. */
export const orphanedOutbox = `
SELECT id, chunk, owner, topic, partition, records FROM sb_outbox
WHERE owner = $1 AND created_at < clock_timestamp() - $2 * interval '1 millisecond' AND id <> ALL($3::bigint[])
ORDER BY id LIMIT $4`;

// Each question stands in the words of one partial index, and in its order: millions of armed timers cost it nothing.
const ofQueues = `(kind <> 'timer' OR is_queued)`;
const countOf = (kind: string): string =>
  `(SELECT count(*) FROM (
    SELECT 1 FROM sb_pending WHERE ${ofQueues} AND kind = '${kind}' ORDER BY key_kind, key_value, sequence LIMIT $1) AS counted)`;
const countOfArmed = `(SELECT count(*) FROM (
    SELECT 1 FROM sb_pending WHERE kind = 'timer' AND NOT is_queued ORDER BY claim_at, sequence LIMIT $1) AS counted)`;
const firstOf = (which: string): string => `(SELECT min(claim_at) FROM sb_pending WHERE ${which})`;
const overdue = (first: string): string =>
  `coalesce(greatest(extract(epoch FROM (clock.at - ${first})) * 1000, 0), 0)::float8`;

/** $1: rows counted a kind, at most. */
export const measure = `
WITH clock AS (SELECT sb_now() AS at)
SELECT
  json_build_object(
    'retry', ${countOf('retry')}, 'parked', ${countOf('parked')}, 'redrive', ${countOf('redrive')},
    'job', ${countOf('job')}, 'timer', ${countOfArmed} + ${countOf('timer')}) AS pending,
  ${overdue(`least(
    ${firstOf(`claim_at IS NOT NULL AND kind <> 'job' AND ${ofQueues}`)},
    ${firstOf(`kind = 'job' AND claim_at IS NOT NULL`)})`)} AS overdue_ms,
  ${overdue(firstOf(`kind = 'timer' AND NOT is_queued`))} AS timer_lag_ms,
  (SELECT coalesce(extract(epoch FROM (clock_timestamp() - min(created_at))) * 1000, 0)::float8 FROM sb_outbox)
    AS outbox_age_ms,
  (SELECT count(*)::integer FROM sb_dead_letter WHERE status = 'open') AS dead_letters,
  (SELECT coalesce(json_object_agg(name, n), '{}') FROM (
     SELECT coalesce(destination, '') AS name, count(*) AS n
     FROM (SELECT destination FROM sb_pending WHERE kind = 'job' LIMIT $1) AS jobs GROUP BY 1 ORDER BY 2 DESC LIMIT 50) AS most)
    AS jobs_by_destination
FROM clock`;
