/**
 * Begins acts and tells how earlier attempts of them stand; an act that is done stays done. $1: acts. Only for the
 * holder of each job's lease, which then lasts `lease_ms` from now: `is_held` says whether it was.
 */
export const startActs = `
WITH given AS (
  SELECT * FROM json_to_recordset($1::json) AS a(ordinal integer, key uuid, handler text, event_id text, destination text,
    token uuid, attempt integer, pending_id bigint, lease_ms float8)),
held AS (
  UPDATE sb_pending p SET lease_until = clock_timestamp() + g.lease_ms * interval '1 millisecond'
  FROM given g WHERE p.id = g.pending_id AND p.lease_token = g.token AND p.lease_until > clock_timestamp()
  RETURNING g.ordinal),
old AS (
  SELECT l.idempotency_key, l.status FROM sb_ledger l JOIN given g ON g.key = l.idempotency_key
  WHERE g.ordinal IN (SELECT ordinal FROM held) FOR UPDATE OF l),
begun AS (
  INSERT INTO sb_ledger (idempotency_key, handler, event_id, destination, token, attempt, status)
  SELECT g.key, g.handler, g.event_id, g.destination, g.token, g.attempt, 'started'
  FROM given g JOIN held ON held.ordinal = g.ordinal
  ON CONFLICT (idempotency_key) DO UPDATE SET
    token = excluded.token, attempt = excluded.attempt, status = 'started', started_at = clock_timestamp(), ended_at = NULL
  WHERE sb_ledger.status <> 'done')
SELECT held.ordinal IS NOT NULL AS is_held, old.status AS before
FROM given g LEFT JOIN held ON held.ordinal = g.ordinal LEFT JOIN old ON old.idempotency_key = g.key
ORDER BY g.ordinal`;

/** $1: ends. Only the holder of an act's token says how it ended. */
export const endActs = `
UPDATE sb_ledger l SET status = e.status, outcome = e.outcome, ended_at = clock_timestamp()
FROM json_to_recordset($1::json) AS e(key uuid, token uuid, status text, outcome text)
WHERE l.idempotency_key = e.key AND l.token = e.token`;
