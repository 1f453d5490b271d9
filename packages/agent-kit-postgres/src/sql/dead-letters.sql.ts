import { cut } from '../blob.js';

/** $1: rows; $2: keys and values of their records. */
export const insertDeadLetters = `
INSERT INTO sb_dead_letter (sequence, handler, key_kind, key_value, source, event_id, event_type, correlation_id, error_code,
  error_message, fingerprint, attempts, redrives, first_failed_at, last_failed_at, code_version, topic, partition, "offset",
  timestamp_ms, record_key, record_value, record_headers)
SELECT coalesce(d.sequence, nextval('sb_pending_sequence')), d.handler, d.key_kind, d.key_value, d.source, d.event_id, d.event_type, d.correlation_id, d.error_code,
  d.error_message, d.fingerprint, d.attempts, d.redrives, d.first_failed_at, d.last_failed_at, d.code_version, d.topic, d.partition,
  d."offset", d.timestamp_ms, ${cut('$2', 'd.key_at', 'd.key_length')}, ${cut('$2', 'd.value_at', 'd.value_length')}, d.headers
FROM json_to_recordset($1::json) AS d(ordinal integer, sequence bigint, handler text, key_kind text, key_value text, source text, event_id text,
  event_type text, correlation_id text, error_code text, error_message text, fingerprint text, attempts integer, redrives integer,
  first_failed_at timestamptz, last_failed_at timestamptz, code_version text, topic text, partition integer,
  "offset" bigint, timestamp_ms bigint, key_at integer, key_length integer, value_at integer, value_length integer, headers text)
ORDER BY d.ordinal
RETURNING id`;

/** $1: schema; $2: fingerprints, sorted. Held until the transaction ends. */
export const lockFingerprints = `
SELECT pg_advisory_xact_lock(hashtextextended($1 || ' ' || f, 13)) FROM unnest($2::text[]) AS f`;

export const openFingerprints = `
SELECT DISTINCT fingerprint FROM sb_dead_letter WHERE status = 'open' AND fingerprint = ANY($1::text[])`;
