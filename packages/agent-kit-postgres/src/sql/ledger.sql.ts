/** Begins an act and tells how an earlier attempt of it stands; an act that is done stays done. */
export const startAct = `
WITH old AS (SELECT status FROM sb_ledger WHERE idempotency_key = $1 FOR UPDATE),
begun AS (
  INSERT INTO sb_ledger (idempotency_key, handler, event_id, destination, token, attempt, status)
  VALUES ($1, $2, $3, $4, $5, $6, 'started')
  ON CONFLICT (idempotency_key) DO UPDATE SET
    token = excluded.token, attempt = excluded.attempt, status = 'started', started_at = clock_timestamp(), ended_at = NULL
  WHERE sb_ledger.status <> 'done')
SELECT (SELECT status FROM old) AS before`;

export const endAct = `
UPDATE sb_ledger SET status = $3, outcome = $4, ended_at = clock_timestamp()
WHERE idempotency_key = $1 AND token = $2`;
