import { cut } from '../blob.js';

/** $1: rows; $2: keys and values of their records. */
export const insertPending = `
INSERT INTO sb_pending (kind, handle, handler, key_kind, key_value, source, event_id, due_at, claim_at, is_ordered, attempts, error_code, error_message,
  first_failed_at, last_failed_at, destination, topic, partition, "offset", timestamp_ms, record_key, record_value, record_headers)
SELECT p.kind, p.handle, p.handler, p.key_kind, p.key_value, p.source, p.event_id, p.due_at, p.claim_at, p.is_ordered, p.attempts, p.error_code, p.error_message,
  CASE WHEN p.error_code IS NOT NULL THEN sb_now() END, CASE WHEN p.error_code IS NOT NULL THEN sb_now() END,
  p.destination, p.topic, p.partition, p."offset", p.timestamp_ms,
  ${cut('$2', 'p.key_at', 'p.key_length')}, ${cut('$2', 'p.value_at', 'p.value_length')}, p.headers
FROM json_to_recordset($1::json) AS p(ordinal integer, kind text, handle uuid, handler text, key_kind text, key_value text, source text,
  event_id text, due_at timestamptz, claim_at timestamptz, is_ordered boolean, attempts integer, error_code text, error_message text, destination text, topic text,
  partition integer, "offset" bigint, timestamp_ms bigint, key_at integer, key_length integer, value_at integer,
  value_length integer, headers text)
ORDER BY p.ordinal`;

export const setTimers = `
INSERT INTO sb_pending (kind, key_kind, key_value, source, event_id, due_at, claim_at, timer_name, timer_payload, timer_set_by)
SELECT 'timer', t.key_kind, t.key_value, t.source, t.event_id, t.due_at, t.due_at, t.name, t.payload, t.set_by
FROM json_to_recordset($1::json) AS t(ordinal integer, key_kind text, key_value text, source text, event_id text,
  due_at timestamptz, name text, payload text, set_by text)
ORDER BY t.ordinal
ON CONFLICT (key_kind, key_value, timer_name) WHERE kind = 'timer' DO UPDATE SET
  due_at = excluded.due_at, claim_at = excluded.claim_at, is_queued = false, source = excluded.source, event_id = excluded.event_id,
  timer_payload = excluded.timer_payload, timer_set_by = excluded.timer_set_by,
  lease_owner = NULL, lease_token = NULL, lease_until = NULL, starts = 0, attempts = 0`;

export const cancelTimers = `
DELETE FROM sb_pending p USING json_to_recordset($1::json) AS t(key_kind text, key_value text, name text)
WHERE p.kind = 'timer' AND p.key_kind = t.key_kind AND p.key_value = t.key_value AND p.timer_name = t.name`;

/**
 * $1: process; $2: lease in ms; $3: kinds; $4: limit; $5: timers due later wait; $6: destinations left out. Of jobs only
 * the head of each key, so that a key keeps its order.
 */
export const claimDue = `
UPDATE sb_pending p SET
  lease_owner = $1, lease_token = gen_random_uuid(),
  lease_until = clock_timestamp() + $2 * interval '1 millisecond', starts = p.starts + 1
FROM (
  SELECT c.id FROM sb_pending c
  WHERE c.claim_at <= sb_now() AND c.kind = ANY($3::text[])
    AND (c.lease_until IS NULL OR c.lease_until < clock_timestamp())
    AND (c.kind <> 'timer' OR c.is_queued OR c.due_at <= $5::timestamptz)
    AND (c.kind <> 'job' OR (
      c.destination <> ALL($6::text[]) AND NOT EXISTS (
        SELECT 1 FROM sb_pending e
        WHERE e.kind = 'job' AND e.key_kind = c.key_kind AND e.key_value = c.key_value AND e.sequence < c.sequence)))
  ORDER BY c.claim_at, c.sequence LIMIT $4 FOR UPDATE SKIP LOCKED) due
WHERE p.id = due.id
RETURNING p.*`;

export const unclaim = `
UPDATE sb_pending p SET lease_owner = NULL, lease_token = NULL, lease_until = NULL, starts = starts - 1
FROM json_to_recordset($1::json) AS l(id bigint, token uuid) WHERE p.id = l.id AND p.lease_token = l.token`;

/**
 * Milliseconds to the next row. Rows due for longer wait for a lease, the head of their key or a place, not for time;
 * timers may wait for the agent to catch up and count while they are due.
 */
export const msToNextDue = `
SELECT (extract(epoch FROM min(claim_at) - sb_now()) * 1000)::float8 AS ms
FROM sb_pending WHERE kind = ANY($1::text[]) AND claim_at < sb_now() + interval '1 minute'
  AND (claim_at > sb_now() - interval '20 milliseconds' OR (kind = 'timer' AND NOT is_queued AND lease_until IS NULL))`;

export const takePending = `SELECT 1 AS held FROM sb_pending WHERE id = $1 AND lease_token = $2 FOR UPDATE`;

export const deletePending = `DELETE FROM sb_pending WHERE id = $1`;

const isUnfinished = `is_ordered AND (kind IN ('retry', 'parked', 'redrive') OR (kind = 'timer' AND is_queued))`;

export const queueOfKey = `
SELECT * FROM sb_pending WHERE key_kind = $1 AND key_value = $2 AND ${isUnfinished} ORDER BY sequence LIMIT $3`;

export const makeNextDue = `
UPDATE sb_pending SET due_at = coalesce(due_at, sb_now()), claim_at = sb_now()
WHERE id = (
  SELECT id FROM sb_pending WHERE key_kind = $1 AND key_value = $2 AND ${isUnfinished} ORDER BY sequence LIMIT 1)
RETURNING id`;

export const standBack = `
UPDATE sb_pending SET claim_at = NULL, lease_owner = NULL, lease_token = NULL, lease_until = NULL, starts = 0
WHERE id = $1`;

/** The firing joins the end of its key's queue. */
export const queueTimer = `
UPDATE sb_pending SET is_queued = true, claim_at = NULL, sequence = nextval('sb_pending_sequence'),
  lease_owner = NULL, lease_token = NULL, lease_until = NULL, starts = 0
WHERE id = $1`;

/** A stale wake-up names an attempt that is over; one that is early leaves the row as it is. */
export const wake = `
UPDATE sb_pending p SET claim_at = p.due_at
FROM json_to_recordset($1::json) AS w(handle uuid, attempts integer)
WHERE p.handle = w.handle AND p.attempts = w.attempts AND p.claim_at > p.due_at`;

export const postponePending = `
UPDATE sb_pending SET due_at = $2, claim_at = $3, attempts = $4, error_code = $5, error_message = $6,
  kind = CASE WHEN kind = 'parked' THEN 'retry' ELSE kind END, is_queued = kind = 'timer',
  first_failed_at = coalesce(first_failed_at, sb_now()), last_failed_at = sb_now(),
  lease_owner = NULL, lease_token = NULL, lease_until = NULL, starts = 0
WHERE id = $1`;
