/** $1: kinds; $2: values. */
const given = `unnest($1::text[], $2::text[]) AS g(kind, value)`;

export const addMissingKeys = `
INSERT INTO sb_key (kind, value) SELECT g.kind, g.value FROM ${given} ORDER BY 1, 2 ON CONFLICT DO NOTHING`;

const columns = `k.kind, k.value, k.state, k.state_version, k.blocked, k.last_chunk, k.last_owner`;

export const lockKeys = `
SELECT ${columns} FROM ${given} JOIN sb_key k ON k.kind = g.kind AND k.value = g.value
ORDER BY k.kind, k.value FOR UPDATE OF k`;

/** The same without those another transaction holds. */
export const lockFreeKeys = `${lockKeys} SKIP LOCKED`;

export const readKeys = `
SELECT ${columns} FROM ${given} JOIN sb_key k ON k.kind = g.kind AND k.value = g.value`;

/**
 * Keys that were not there when they were to be locked. Waits for a transaction that makes the same, and fails (23505)
 * once that is committed.
 */
export const insertKeys = `
INSERT INTO sb_key (kind, value, state, state_version, blocked, last_chunk, last_owner)
SELECT w.kind, w.value, w.state, w.version, w.blocked,
  CASE WHEN w.emitted THEN $7::bigint ELSE 0 END, CASE WHEN w.emitted THEN $8::uuid END
FROM unnest($1::text[], $2::text[], $3::text[], $4::integer[], $5::boolean[], $6::boolean[])
  AS w(kind, value, state, version, emitted, blocked)
ORDER BY w.kind, w.value`;

/**
 * $1 to $6: keys; $7: which states changed; $8: this chunk (numbers are given before keys are locked, so they may come
 * in another order); $9: this process.
 */
export const writeKeys = `
UPDATE sb_key k SET
  state = CASE WHEN w.changed THEN w.state ELSE k.state END,
  state_version = CASE WHEN w.changed THEN w.version ELSE k.state_version END,
  blocked = w.blocked,
  last_chunk = CASE WHEN w.emitted THEN greatest(k.last_chunk, $8::bigint) ELSE k.last_chunk END,
  last_owner = CASE WHEN w.emitted THEN $9::uuid ELSE k.last_owner END
FROM unnest($1::text[], $2::text[], $3::text[], $4::integer[], $5::boolean[], $6::boolean[], $7::boolean[])
  AS w(kind, value, state, version, emitted, blocked, changed)
WHERE k.kind = w.kind AND k.value = w.value`;
