const given = `json_to_recordset($1::json) AS g(kind text, value text)`;

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

/** $1: keys; $2: this chunk (numbers are given before keys are locked, so they may come in another order); $3: this process. */
export const writeKeys = `
UPDATE sb_key k SET
  state = CASE WHEN w.changed THEN w.state ELSE k.state END,
  state_version = CASE WHEN w.changed THEN w.version ELSE k.state_version END,
  blocked = w.blocked,
  last_chunk = CASE WHEN w.emitted THEN greatest(k.last_chunk, $2::bigint) ELSE k.last_chunk END,
  last_owner = CASE WHEN w.emitted THEN $3::uuid ELSE k.last_owner END
FROM json_to_recordset($1::json)
  AS w(kind text, value text, state text, version integer, changed boolean, emitted boolean, blocked boolean)
WHERE k.kind = w.kind AND k.value = w.value`;
