/** Conditions of a filter: $1 status, $2 fingerprint, $3 handler, $4 event type, $5 from, $6 to, $7 error code; null does not narrow. */
const matches = `($1::text IS NULL OR status = $1) AND ($2::text IS NULL OR fingerprint = $2)
  AND ($3::text IS NULL OR handler = $3) AND ($4::text IS NULL OR event_type = $4)
  AND ($5::timestamptz IS NULL OR created_at >= $5) AND ($6::timestamptz IS NULL OR created_at < $6)
  AND ($7::text IS NULL OR error_code = $7)`;

export const letters = `
SELECT * FROM sb_dead_letter WHERE ${matches} AND ($8::bigint IS NULL OR id < $8) ORDER BY id DESC LIMIT $9`;

export const letter = `SELECT * FROM sb_dead_letter WHERE id = $1`;

export const groups = `
SELECT fingerprint, count(*)::integer AS count, min(error_code) AS error_code, max(handler) AS handler,
  max(event_type) AS event_type, min(created_at) AS first_at, max(created_at) AS last_at, max(id) AS newest_id,
  (array_agg(error_message ORDER BY id DESC))[1] AS error_message
FROM sb_dead_letter WHERE ${matches} GROUP BY fingerprint ORDER BY 2 DESC, max(id) DESC LIMIT $8`;

export const countOpen = `
SELECT count(*)::integer AS count, coalesce(max(id), 0) AS last_id FROM sb_dead_letter WHERE ${matches}`;

/** Follow a run: $8 the last one looked at, $9 the last one it takes. */
export const lettersOfRun = `
SELECT * FROM sb_dead_letter WHERE ${matches} AND id > $8 AND id <= $9 ORDER BY id LIMIT $10`;

export const edit = `
UPDATE sb_dead_letter SET edited_value = $3, edited_by = $4, edited_at = clock_timestamp(), edits = edits + 1
WHERE id = $1 AND edits = $2 AND status = 'open' RETURNING id`;

export const discard = `
UPDATE sb_dead_letter SET status = 'discarded', settled_by = $2, settled_why = $3, settled_at = clock_timestamp()
WHERE id = $1 AND status = 'open' RETURNING id`;

/** $1: letter; $2: idempotency key; $3: whether the act was done; $4: who; $5: why. */
export const noteOutcome = `
WITH letter AS (
  SELECT id FROM sb_dead_letter WHERE id = $1 AND status = 'open' FOR UPDATE),
noted AS (
  UPDATE sb_ledger SET status = CASE WHEN $3::boolean THEN 'done' ELSE 'failed' END, ended_at = clock_timestamp(),
    outcome = CASE WHEN $3::boolean THEN 'done' ELSE 'not done' END || ', says ' || $4::text || ': ' || $5::text
  WHERE idempotency_key = $2 AND EXISTS (SELECT 1 FROM letter)),
settled AS (
  UPDATE sb_dead_letter d SET status = 'discarded', settled_by = $4, settled_why = 'done: ' || $5::text,
    settled_at = clock_timestamp()
  FROM letter WHERE d.id = letter.id AND $3::boolean)
SELECT id FROM letter`;

export const discardAll = `
UPDATE sb_dead_letter SET status = 'discarded', settled_by = $2, settled_why = $3, settled_at = clock_timestamp()
WHERE id = ANY($1::bigint[])`;

/** Two redrives at once are one: only the first finds it open, and in the form it was planned from. */
export const takeForRedrive = `
UPDATE sb_dead_letter SET status = 'redriven', settled_by = $3, settled_at = clock_timestamp()
WHERE id = $1 AND edits = $2 AND status = 'open' RETURNING first_failed_at`;

/** Something of the key's queue runs by itself; else the key waits for a person. */
export const hasHead = `
SELECT 1 AS held FROM sb_pending
WHERE key_kind = $1 AND key_value = $2 AND claim_at IS NOT NULL AND is_ordered
  AND (kind IN ('retry', 'parked', 'redrive') OR (kind = 'timer' AND is_queued))
LIMIT 1`;

export const blockKey = `UPDATE sb_key SET blocked = true WHERE kind = $1 AND value = $2`;

/** Due at once, or (no $9) when its turn in the key's queue comes. */
export const insertRow = `
INSERT INTO sb_pending (sequence, kind, handle, handler, key_kind, key_value, source, event_id, is_ordered, due_at, claim_at,
  redrives, first_failed_at, destination, timer_name, timer_payload, timer_set_by, topic, partition, "offset", timestamp_ms,
  record_key, record_value, record_headers)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $10, CASE WHEN $9::boolean THEN sb_now() END, CASE WHEN $9::boolean THEN sb_now() END,
  $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)
ON CONFLICT DO NOTHING RETURNING id`;
