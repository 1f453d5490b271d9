/**
 * Begins an act and tells how an earlier attempt of it stands; an act that is done stays done. Only for the holder of
 * the job's lease ($5 on row $7), which then lasts $8 ms from now. No row: the lease is lost.
 */
export const startAct = `
WITH held AS (
  UPDATE sb_pending SET lease_until = clock_timestamp() + $8 * interval '1 millisecond'
  WHERE id = $7 AND lease_token = $5 AND lease_until > clock_timestamp() RETURNING id),
old AS (SELECT status FROM sb_ledger WHERE idempotency_key = $1 AND EXISTS (SELECT 1 FROM held) FOR UPDATE),
begun AS (
  INSERT INTO sb_ledger (idempotency_key, handler, event_id, destination, token, attempt, status)
  SELECT $1, $2, $3, $4, $5, $6, 'started' FROM held
  ON CONFLICT (idempotency_key) DO UPDATE SET
    token = excluded.token, attempt = excluded.attempt, status = 'started', started_at = clock_timestamp(), ended_at = NULL
  WHERE sb_ledger.status <> 'done')
SELECT (SELECT status FROM old) AS before FROM held`;

export const endAct = `
UPDATE sb_ledger SET status = $3, outcome = $4, ended_at = clock_timestamp()
WHERE idempotency_key = $1 AND token = $2`;
