-- The tables every agent has in its own schema. See docs/ARCHITECTURE.md, "Database".

-- How far each input partition is handled; kept with the data so that both move in one transaction.
CREATE TABLE sb_progress (
  topic text NOT NULL,
  partition integer NOT NULL,
  next_offset bigint NOT NULL,
  epoch bigint NOT NULL DEFAULT 0,
  owner uuid,
  claimed_offset bigint,
  claims integer NOT NULL DEFAULT 0,
  suspect_offset bigint,
  suspect_marks integer NOT NULL DEFAULT 0,
  last_offset bigint,
  last_timestamp_ms bigint,
  last_hash bytea,
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (topic, partition)
) WITH (fillfactor = 50);

-- "This agent has taken responsibility for (source, event id)". Inserted once, never updated.
CREATE TABLE sb_inbox (
  identity uuid PRIMARY KEY,
  fingerprint uuid NOT NULL,
  is_skipped boolean NOT NULL DEFAULT false,
  received_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sb_inbox_received ON sb_inbox USING brin (received_at);

-- Until when ids may have been cleaned away: the youngest row ever deleted.
CREATE TABLE sb_inbox_window (
  is_single boolean PRIMARY KEY DEFAULT true CHECK (is_single),
  forgotten_until timestamptz
);
INSERT INTO sb_inbox_window DEFAULT VALUES;

-- State keys. Whoever changes anything of a key holds its row lock.
CREATE TABLE sb_key (
  kind text NOT NULL,
  value text NOT NULL,
  state text,
  state_version integer NOT NULL DEFAULT 0,
  blocked boolean NOT NULL DEFAULT false,
  last_chunk bigint NOT NULL DEFAULT 0,
  last_owner uuid,
  PRIMARY KEY (kind, value)
) WITH (fillfactor = 80);

CREATE INDEX sb_key_blocked ON sb_key (kind, value) WHERE blocked;

CREATE SEQUENCE sb_chunk;

-- Committed and not yet acknowledged by the broker: one row per chunk and destination partition.
CREATE TABLE sb_outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  chunk bigint NOT NULL,
  owner uuid NOT NULL,
  origin_topic text,
  origin_partition integer,
  topic text NOT NULL,
  partition integer NOT NULL,
  records bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
ALTER TABLE sb_outbox ALTER COLUMN records SET STORAGE EXTERNAL;
CREATE INDEX sb_outbox_chunk ON sb_outbox (chunk);

-- Everything unfinished: retries, parked events, redrives, timers, connector jobs.
CREATE SEQUENCE sb_pending_sequence;
CREATE TABLE sb_pending (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sequence bigint NOT NULL DEFAULT nextval('sb_pending_sequence'),
  kind text NOT NULL CHECK (kind IN ('retry', 'parked', 'redrive', 'timer', 'job')),
  handler text,
  key_kind text NOT NULL,
  key_value text NOT NULL,
  source text NOT NULL,
  event_id text NOT NULL,
  -- Derived from agent, handler and event: names the work in wake-up records and keeps it single.
  handle uuid,
  due_at timestamptz,
  -- When it is taken from here; null while it waits behind another row of its key.
  claim_at timestamptz,
  is_ordered boolean NOT NULL DEFAULT true,
  is_queued boolean NOT NULL DEFAULT false,
  redrives integer NOT NULL DEFAULT 0,
  starts integer NOT NULL DEFAULT 0,
  attempts integer NOT NULL DEFAULT 0,
  lease_owner uuid,
  lease_token uuid,
  lease_until timestamptz,
  first_failed_at timestamptz,
  last_failed_at timestamptz,
  error_code text,
  error_message text,
  destination text,
  timer_name text,
  timer_payload text,
  timer_set_by text,
  topic text,
  partition integer,
  "offset" bigint,
  timestamp_ms bigint,
  record_key bytea,
  record_value bytea,
  record_headers text,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK ((kind = 'timer') = (timer_name IS NOT NULL)),
  CHECK ((kind = 'timer') = (topic IS NULL))
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX sb_pending_timer ON sb_pending (key_kind, key_value, timer_name) WHERE kind = 'timer';
CREATE INDEX sb_pending_key ON sb_pending (key_kind, key_value, sequence);
CREATE UNIQUE INDEX sb_pending_handle ON sb_pending (handle);
-- One index for each way in which work is taken: queues of keys, armed timers, jobs of a destination.
CREATE INDEX sb_pending_claim ON sb_pending (claim_at, sequence)
  WHERE claim_at IS NOT NULL AND kind <> 'job' AND (kind <> 'timer' OR is_queued);
CREATE INDEX sb_pending_armed ON sb_pending (claim_at, sequence) WHERE kind = 'timer' AND NOT is_queued;
CREATE INDEX sb_pending_job ON sb_pending (coalesce(destination, ''), claim_at, sequence)
  WHERE kind = 'job' AND claim_at IS NOT NULL;
CREATE INDEX sb_pending_job_due ON sb_pending (claim_at) WHERE kind = 'job' AND claim_at IS NOT NULL;
CREATE INDEX sb_pending_parked ON sb_pending (key_kind, key_value) WHERE kind = 'parked';

-- Of a key's jobs only the first can be taken, the others have no claim_at; whatever ends the first, the next follows.
CREATE FUNCTION sb_next_job() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE sb_pending SET claim_at = coalesce(due_at, sb_now())
  WHERE claim_at IS NULL AND id = (
    SELECT id FROM sb_pending WHERE kind = 'job' AND key_kind = OLD.key_kind AND key_value = OLD.key_value
    ORDER BY sequence LIMIT 1);
  RETURN NULL;
END $$;
CREATE TRIGGER sb_next_job AFTER DELETE ON sb_pending FOR EACH ROW WHEN (OLD.kind = 'job') EXECUTE FUNCTION sb_next_job();

CREATE TABLE sb_dead_letter (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Its place in its key's queue: that of the pending row it was, else the next.
  sequence bigint NOT NULL,
  status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'redriven', 'discarded')),
  handler text,
  key_kind text,
  key_value text,
  source text,
  event_id text,
  event_type text,
  correlation_id text,
  error_code text NOT NULL,
  error_message text NOT NULL,
  fingerprint text NOT NULL,
  attempts integer NOT NULL,
  redrives integer NOT NULL DEFAULT 0,
  first_failed_at timestamptz NOT NULL,
  last_failed_at timestamptz NOT NULL,
  code_version text NOT NULL,
  topic text NOT NULL,
  partition integer NOT NULL,
  "offset" bigint NOT NULL,
  timestamp_ms bigint NOT NULL,
  record_key bytea,
  record_value bytea,
  record_headers text NOT NULL,
  -- What a person made of the record's value; the value itself stays.
  edited_value bytea,
  edits integer NOT NULL DEFAULT 0,
  edited_by text,
  edited_at timestamptz,
  -- Who redrove or discarded it, why, when.
  settled_by text,
  settled_why text,
  settled_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX sb_dead_letter_fingerprint ON sb_dead_letter (fingerprint, id) WHERE status = 'open';

-- Redrives of many dead letters at once: worked off by the agent itself, a few a second.
CREATE TABLE sb_redrive (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  selection text NOT NULL,
  -- Only dead letters that were there when it was asked for.
  last_id bigint NOT NULL,
  -- The last one looked at.
  at_id bigint NOT NULL DEFAULT 0,
  rate_per_s integer NOT NULL CHECK (rate_per_s BETWEEN 1 AND 1000),
  letters_max integer NOT NULL,
  total integer NOT NULL,
  redriven integer NOT NULL DEFAULT 0,
  refused integer NOT NULL DEFAULT 0,
  last_refusal text,
  status text NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'done', 'cancelled')),
  asked_by text NOT NULL,
  lease_owner uuid,
  lease_until timestamptz NOT NULL DEFAULT '-infinity',
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  ended_at timestamptz
);

-- The agent's kill switches.
CREATE TABLE sb_control (
  is_single boolean PRIMARY KEY DEFAULT true CHECK (is_single),
  paused boolean NOT NULL DEFAULT false,
  paused_by text,
  paused_why text,
  paused_since timestamptz,
  effects_held boolean NOT NULL DEFAULT false,
  held_by text,
  held_why text,
  held_since timestamptz
);
INSERT INTO sb_control DEFAULT VALUES;

-- Outside acts of connectors: begun, ended, and how.
CREATE TABLE sb_ledger (
  idempotency_key uuid PRIMARY KEY,
  handler text NOT NULL,
  event_id text NOT NULL,
  destination text NOT NULL,
  status text NOT NULL CHECK (status IN ('started', 'done', 'failed', 'given_up')),
  token uuid NOT NULL,
  attempt integer NOT NULL,
  outcome text,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  ended_at timestamptz
) WITH (fillfactor = 80);
CREATE INDEX sb_ledger_started ON sb_ledger (started_at);

-- One sweeper per agent: who may publish rows that others left behind.
CREATE TABLE sb_sweeper (
  is_single boolean PRIMARY KEY DEFAULT true CHECK (is_single),
  owner uuid,
  lease_until timestamptz NOT NULL DEFAULT '-infinity'
);
INSERT INTO sb_sweeper DEFAULT VALUES;

-- The agent's clock: database time plus an offset that only tests and the local stack set.
CREATE TABLE sb_clock (
  is_single boolean PRIMARY KEY DEFAULT true CHECK (is_single),
  offset_ms bigint NOT NULL DEFAULT 0
);
INSERT INTO sb_clock DEFAULT VALUES;
CREATE FUNCTION sb_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS
  $$ SELECT clock_timestamp() + (SELECT offset_ms FROM sb_clock) * interval '1 millisecond' $$;
