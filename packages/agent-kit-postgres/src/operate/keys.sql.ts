const isQueued = (row: string): string =>
  `${row}.is_ordered AND (${row}.kind IN ('retry', 'parked', 'redrive') OR (${row}.kind = 'timer' AND ${row}.is_queued))`;

/** What stopped a key without a row that runs by itself is its newest open dead letter. */
export const blockedKeys = `
SELECT k.kind, k.value, coalesce(q.waiting, 0)::integer AS waiting, q.next_at, h.handler, h.event_id, h.attempts,
  coalesce(h.error_code, d.error_code) AS error_code, coalesce(h.error_message, d.error_message) AS error_message,
  least(q.since, d.created_at) AS since
FROM sb_key k
LEFT JOIN LATERAL (
  SELECT count(*) AS waiting, min(p.claim_at) AS next_at, min(coalesce(p.first_failed_at, p.created_at)) AS since
  FROM sb_pending p WHERE p.key_kind = k.kind AND p.key_value = k.value AND ${isQueued('p')}) q ON true
LEFT JOIN LATERAL (
  SELECT coalesce(p.handler, p.timer_name) AS handler, p.event_id, p.attempts, p.error_code, p.error_message
  FROM sb_pending p WHERE p.key_kind = k.kind AND p.key_value = k.value AND ${isQueued('p')}
  ORDER BY p.sequence LIMIT 1) h ON true
LEFT JOIN LATERAL (
  SELECT l.error_code, l.error_message, l.created_at FROM sb_dead_letter l
  WHERE q.next_at IS NULL AND l.status = 'open' AND l.key_kind = k.kind AND l.key_value = k.value
  ORDER BY l.id DESC LIMIT 1) d ON true
WHERE k.blocked ORDER BY since NULLS FIRST, k.kind, k.value LIMIT $1`;

export const lockKey = `SELECT blocked FROM sb_key WHERE kind = $1 AND value = $2 FOR UPDATE`;

/** The head is due now, and nothing else of the queue; a lease on it is void. */
export const makeHeadDue = `
WITH head AS (
  SELECT p.id FROM sb_pending p WHERE p.key_kind = $1 AND p.key_value = $2 AND ${isQueued('p')}
  ORDER BY p.sequence LIMIT 1)
UPDATE sb_pending q SET
  due_at = CASE WHEN q.id = head.id THEN sb_now() ELSE q.due_at END,
  claim_at = CASE WHEN q.id = head.id THEN sb_now() END,
  lease_owner = NULL, lease_token = NULL, lease_until = NULL, starts = 0
FROM head
WHERE q.key_kind = $1 AND q.key_value = $2 AND ${isQueued('q')} AND (q.id = head.id OR q.claim_at IS NOT NULL)
RETURNING q.id`;

export const unblock = `UPDATE sb_key SET blocked = false WHERE kind = $1 AND value = $2`;

export const takeFromQueue = `
DELETE FROM sb_pending WHERE id IN (
  SELECT p.id FROM sb_pending p WHERE p.key_kind = $1 AND p.key_value = $2 AND ${isQueued('p')}
  ORDER BY p.sequence LIMIT $3)
RETURNING *`;
