/** What a `PendingRow` is made of. */
const columns = [
  ...[
    'id',
    'sequence',
    'kind',
    'handle',
    'handler',
    'is_ordered',
    'is_queued',
    'redrives',
    'key_kind',
    'key_value',
  ],
  ...['source', 'event_id', 'starts', 'attempts', 'due_at', 'first_failed_at', 'lease_token', 'destination'],
  ...['timer_name', 'timer_payload', 'timer_set_by'],
  ...['topic', 'partition', '"offset"', 'timestamp_ms', 'record_key', 'record_value', 'record_headers'],
]
  .map((name) => `p.${name}`)
  .join(', ');

const givenColumns =
  `sort integer, handle text, key_value text, event_id text, error_message text, destination text,
  "offset" bigint, timestamp_ms bigint, record_key bytea, record_value bytea, record_headers text`
    .split(',')
    .map((column) => column.trim().split(' ') as [name: string, type: string]);

/** What many rows of a chunk have in common, once for each sort of rows, after the columns in which all differ. */
const sharedColumns = {
  kind: 'text',
  handler: 'text',
  key_kind: 'text',
  source: 'text',
  due_at: 'timestamptz',
  claim_at: 'timestamptz',
  is_ordered: 'boolean',
  attempts: 'integer',
  error_code: 'text',
  topic: 'text',
  partition: 'integer',
};
const shared = Object.entries(sharedColumns).map(
  ([name, type], at) => `($${givenColumns.length + 1 + at}::${type}[])[g.sort] AS ${name}`,
);

const insertRows = (claimAt: string): string => `
INSERT INTO sb_pending (kind, handle, handler, key_kind, key_value, source, event_id, due_at, claim_at, is_ordered, attempts, error_code, error_message,
  first_failed_at, last_failed_at, destination, topic, partition, "offset", timestamp_ms, record_key, record_value, record_headers)
SELECT p.kind, p.handle::uuid, p.handler, p.key_kind, p.key_value, p.source, p.event_id, p.due_at, ${claimAt},
  p.is_ordered, p.attempts, p.error_code, p.error_message,
  CASE WHEN p.error_code IS NOT NULL THEN (SELECT sb_now()) END, CASE WHEN p.error_code IS NOT NULL THEN (SELECT sb_now()) END,
  p.destination, p.topic, p.partition, p."offset", p.timestamp_ms, p.record_key, p.record_value, p.record_headers
FROM (
  SELECT g.*, ${shared.join(', ')}
  FROM unnest(${givenColumns.map(([, type], at) => `$${at + 1}::${type}[]`).join(', ')})
    WITH ORDINALITY AS g(${givenColumns.map(([name]) => name).join(', ')}, ordinal)) p
ORDER BY p.ordinal`;

/** $1 to $11: rows; $12 to $22: what each sort of them shares. None of them is a job. */
export const insertPending = insertRows('p.claim_at');

/** The same with jobs among them: one behind another of its key waits for it. */
export const insertJobs = insertRows(`
  CASE WHEN p.kind = 'job' AND (
    row_number() OVER (PARTITION BY p.kind, p.key_kind, p.key_value ORDER BY p.ordinal) > 1
    OR EXISTS (SELECT 1 FROM sb_pending e WHERE e.kind = 'job' AND e.key_kind = p.key_kind AND e.key_value = p.key_value))
  THEN NULL ELSE p.claim_at END`);

/**
 * Timers of keys that the transaction has just made: none can be there yet, and asking costs a third of the statement.
 * $1, $2: keys; $3: names; $4: due; $5: payloads; $6: what is known of the events that set them beside $7, $8: their sources and ids.
 */
export const addTimers = `
INSERT INTO sb_pending (kind, key_kind, key_value, timer_name, due_at, claim_at, timer_payload, timer_set_by, source, event_id)
SELECT 'timer', t.key_kind, t.key_value, t.name, t.due_at, t.due_at, t.payload, t.set_by, t.source, t.event_id
FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::text[], $8::text[])
  AS t(key_kind, key_value, name, due_at, payload, set_by, source, event_id)`;

/** The same of other keys: a timer of that name is moved, and begins anew whatever became of it before. */
export const setTimers = `${addTimers}
ON CONFLICT (key_kind, key_value, timer_name) WHERE kind = 'timer' DO UPDATE SET
  due_at = excluded.due_at, claim_at = excluded.claim_at, is_queued = false, source = excluded.source, event_id = excluded.event_id,
  timer_payload = excluded.timer_payload, timer_set_by = excluded.timer_set_by,
  lease_owner = NULL, lease_token = NULL, lease_until = NULL, starts = 0, attempts = 0, redrives = 0,
  error_code = NULL, error_message = NULL, first_failed_at = NULL, last_failed_at = NULL`;

/** $1, $2: keys; $3: names. */
const named = `unnest($1::text[], $2::text[], $3::text[]) AS t(key_kind, key_value, name)`;
const isNamed = `p.kind = 'timer' AND p.key_kind = t.key_kind AND p.key_value = t.key_value AND p.timer_name = t.name`;

export const cancelTimers = `DELETE FROM sb_pending p USING ${named} WHERE ${isNamed}`;

/** Keys whose queue is headed by one of these timers: when it goes, the queue needs a new head. */
export const queuesHeadedBy = `
SELECT DISTINCT p.key_kind, p.key_value FROM sb_pending p JOIN ${named} ON ${isNamed}
WHERE p.is_queued AND p.claim_at IS NOT NULL`;

export const unblock = `UPDATE sb_key SET blocked = false WHERE kind = $1 AND value = $2`;

const isFree = `(c.lease_until IS NULL OR c.lease_until < clock_timestamp()) AND c.id <> ALL(coalesce($6::bigint[], '{}'))`;
const isQueueWork = `c.claim_at IS NOT NULL AND c.kind <> 'job' AND (c.kind <> 'timer' OR c.is_queued)`;
const isArmed = `c.kind = 'timer' AND NOT c.is_queued`;
const isJob = `c.kind = 'job' AND c.claim_at IS NOT NULL`;
// A scalar subquery is evaluated once and bounds the index scan, which a volatile function could not.
const isDue = `c.claim_at <= (SELECT sb_now())`;
// One token for all: a lease is a row and its token, and making one costs as much as writing it.
const lease = `
UPDATE sb_pending p SET
  lease_owner = $1, lease_token = (SELECT gen_random_uuid()),
  lease_until = clock_timestamp() + $2 * interval '1 millisecond', starts = p.starts + 1
FROM due WHERE p.id = due.id
RETURNING ${columns}`;

/** $1: process; $2: lease in ms; $3: kinds; $4: limit; $5: armed timers due later wait; $6: rows left out. */
export const claimQueues = `
WITH queues AS (
  SELECT c.id, c.claim_at, c.sequence FROM sb_pending c
  WHERE ${isQueueWork} AND ${isDue} AND c.kind = ANY($3::text[]) AND ${isFree}
  ORDER BY c.claim_at, c.sequence LIMIT $4 FOR UPDATE SKIP LOCKED),
timers AS (
  SELECT c.id, c.claim_at, c.sequence FROM sb_pending c
  WHERE ${isArmed} AND ${isDue} AND c.claim_at <= $5::timestamptz AND 'timer' = ANY($3::text[]) AND ${isFree}
  ORDER BY c.claim_at, c.sequence LIMIT $4 FOR UPDATE SKIP LOCKED),
due AS (
  SELECT id FROM (SELECT * FROM queues UNION ALL SELECT * FROM timers) both_ways ORDER BY claim_at, sequence LIMIT $4)
${lease}`;

/**
 * $1: process; $2: lease in ms; $3: places of destinations as a JSON object; $4: limit; $5: places of the others; $6:
 * rows left out. Goes from destination to destination, so that the thousands of jobs that wait for one of them cost
 * the others nothing. Of a key only the first job.
 */
export const claimJobs = `
WITH RECURSIVE destinations AS (
  (SELECT coalesce(c.destination, '') AS name FROM sb_pending c WHERE ${isJob} ORDER BY coalesce(c.destination, '') LIMIT 1)
  UNION ALL
  SELECT (SELECT coalesce(c.destination, '') FROM sb_pending c WHERE ${isJob} AND coalesce(c.destination, '') > d.name
    ORDER BY coalesce(c.destination, '') LIMIT 1)
  FROM destinations d WHERE d.name IS NOT NULL),
due AS (
  SELECT head.id FROM (
    SELECT name, least(coalesce(($3::json ->> name)::integer, $5), $4) AS places FROM destinations WHERE name IS NOT NULL) d
  CROSS JOIN LATERAL (
    SELECT c.id, c.claim_at, c.sequence FROM sb_pending c
    WHERE ${isJob} AND coalesce(c.destination, '') = d.name AND ${isDue} AND ${isFree} AND NOT EXISTS (
      SELECT 1 FROM sb_pending e
      WHERE e.kind = 'job' AND e.key_kind = c.key_kind AND e.key_value = c.key_value AND e.sequence < c.sequence)
    ORDER BY c.claim_at, c.sequence LIMIT d.places FOR UPDATE SKIP LOCKED) head
  WHERE d.places > 0
  ORDER BY head.claim_at, head.sequence LIMIT $4)
${lease}`;

/** $1: leases. Locks the rows that still have them, in one order for all who lock several. */
const heldRows = `
SELECT p.id FROM json_to_recordset($1::json) AS l(id bigint, token uuid)
JOIN sb_pending p ON p.id = l.id AND p.lease_token = l.token ORDER BY p.id FOR UPDATE OF p`;

export const takePending = heldRows;

export const unclaim = `
UPDATE sb_pending p SET lease_owner = NULL, lease_token = NULL, lease_until = NULL, starts = starts - 1,
  claim_at = least(p.claim_at, p.due_at)
FROM (${heldRows}) held WHERE p.id = held.id`;

const isUnleasedRow = `(p.lease_until IS NULL OR p.lease_until < clock_timestamp())`;
const isUnleased = `(c.lease_until IS NULL OR c.lease_until < clock_timestamp())`;
const nextOf = (which: string): string => `(
  SELECT c.claim_at FROM sb_pending c
  WHERE ${which} AND c.kind = ANY($1::text[]) AND c.claim_at > clock.at AND c.claim_at < clock.at + interval '1 minute'
    AND ${isUnleased}
  ORDER BY c.claim_at LIMIT 1)`;

/** $1: kinds. */
export const nextDue = `
SELECT (extract(epoch FROM next.at - clock.at) * 1000)::float8 AS in_ms, 'timer' = ANY($1::text[]) AND EXISTS (
  SELECT 1 FROM sb_pending c WHERE ${isArmed} AND c.claim_at <= clock.at AND ${isUnleased}) AS do_timers_wait
FROM (SELECT sb_now() AS at) clock, LATERAL (
  SELECT least(${[isQueueWork, isArmed, isJob].map(nextOf).join(', ')}) AS at) next`;

/** $1, $2: counts no further than this, in all and of one key. */
export const parkedCounts = `
WITH parked AS (SELECT key_kind, key_value FROM sb_pending WHERE kind = 'parked' LIMIT $1)
SELECT (SELECT count(*) FROM parked)::integer AS total,
  least($2, coalesce((SELECT max(n) FROM (SELECT count(*) AS n FROM parked GROUP BY key_kind, key_value) k), 0))::integer AS of_one_key`;

export const endPending = `DELETE FROM sb_pending WHERE id = ANY($1::bigint[])`;

const isUnfinished = `is_ordered AND (kind IN ('retry', 'parked', 'redrive') OR (kind = 'timer' AND is_queued))`;

/** $1, $2: keys; $3: rows of each; $4: rows left out. */
export const queuesOfKeys = `
SELECT q.* FROM unnest($1::text[], $2::text[]) AS g(kind, value)
CROSS JOIN LATERAL (
  SELECT ${columns} FROM sb_pending p
  WHERE key_kind = g.kind AND key_value = g.value AND ${isUnfinished} AND id <> ALL($4::bigint[])
  ORDER BY sequence LIMIT $3) q
ORDER BY q.sequence`;

/** $1: keys, and the timers of each that are left out. */
export const makeNextDue = `
UPDATE sb_pending p SET due_at = coalesce(p.due_at, (SELECT sb_now())), claim_at = coalesce(p.claim_at, (SELECT sb_now()))
FROM (
  SELECT (
    SELECT id FROM sb_pending WHERE key_kind = g.kind AND key_value = g.value AND ${isUnfinished}
      AND (timer_name IS NULL OR timer_name <> ALL(g.except_timers)) ORDER BY sequence LIMIT 1) AS id
  FROM json_to_recordset($1::json) AS g(kind text, value text, except_timers text[])) next
WHERE p.id = next.id
RETURNING p.key_kind AS kind, p.key_value AS value`;

export const standBack = `
UPDATE sb_pending SET claim_at = NULL, lease_owner = NULL, lease_token = NULL, lease_until = NULL, starts = 0
WHERE id = ANY($1::bigint[])`;

/** The firings join the ends of their keys' queues, in the order given. */
export const queueTimers = `
UPDATE sb_pending p SET is_queued = true, claim_at = NULL, sequence = n.sequence,
  lease_owner = NULL, lease_token = NULL, lease_until = NULL, starts = 0
FROM (
  SELECT id, nextval('sb_pending_sequence') AS sequence
  FROM (SELECT id FROM unnest($1::bigint[]) WITH ORDINALITY AS u(id, at) ORDER BY at) given) n
WHERE p.id = n.id`;

/** $1: handles; $2: attempts of all of them. A stale wake-up names an attempt that is over. */
const woken = (which: string): string => `
FROM (
  SELECT p.id FROM sb_pending p
  WHERE p.handle = ANY($1::uuid[]) AND p.attempts = $2 AND p.claim_at > p.due_at AND ${which}
  ORDER BY p.id FOR UPDATE) woken
WHERE p.id = woken.id`;

/** One that is early leaves the row as it is; one that has a lease is at work. */
export const wake = `UPDATE sb_pending p SET claim_at = p.due_at${woken(isUnleasedRow)}`;

/**
 * $3: process; $4: lease in ms. Rows that were never begun, so no suspects. No indexed column changes: the row stays on its
 * page and no index learns of it.
 */
export const leaseWoken = `
UPDATE sb_pending p SET lease_owner = $3, lease_token = (SELECT gen_random_uuid()),
  lease_until = clock_timestamp() + $4 * interval '1 millisecond', starts = 1
${woken(`p.due_at <= (SELECT sb_now()) AND p.starts = 0 AND ${isUnleasedRow}`)}
RETURNING ${columns}`;

export const postponePending = `
UPDATE sb_pending p SET due_at = c.due_at, claim_at = c.claim_at, attempts = c.attempts, error_code = c.error_code,
  error_message = c.error_message, kind = CASE WHEN p.kind = 'parked' THEN 'retry' ELSE p.kind END,
  is_queued = p.kind = 'timer', first_failed_at = coalesce(p.first_failed_at, (SELECT sb_now())), last_failed_at = (SELECT sb_now()),
  lease_owner = NULL, lease_token = NULL, lease_until = NULL, starts = 0
FROM json_to_recordset($1::json) AS c(id bigint, due_at timestamptz, claim_at timestamptz, attempts integer,
  error_code text, error_message text)
WHERE p.id = c.id`;
