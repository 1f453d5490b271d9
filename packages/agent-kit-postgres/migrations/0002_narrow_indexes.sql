-- Three of four pending rows are armed timers. Indexes that only queues and named work need leave them out: every index
-- entry costs as much as the row itself.

DROP INDEX sb_pending_handle;
CREATE UNIQUE INDEX sb_pending_handle ON sb_pending (handle) WHERE handle IS NOT NULL;

DROP INDEX sb_pending_key;
CREATE INDEX sb_pending_key ON sb_pending (key_kind, key_value, sequence) WHERE kind <> 'timer' OR is_queued;
