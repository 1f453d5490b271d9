export const startRun = `
INSERT INTO sb_redrive (selection, last_id, rate_per_s, letters_max, total, asked_by)
VALUES ($1, $2, $3, $4, $5, $6) RETURNING *`;

export const runs = `SELECT * FROM sb_redrive ORDER BY id DESC LIMIT $1`;

export const run = `SELECT * FROM sb_redrive WHERE id = $1`;

export const setStatus = `
UPDATE sb_redrive SET status = $2, ended_at = CASE WHEN $2 = 'cancelled' THEN clock_timestamp() END
WHERE id = $1 AND status = CASE WHEN $2 = 'cancelled' THEN 'running' ELSE 'cancelled' END
RETURNING *`;

export const takeRun = `
UPDATE sb_redrive SET lease_owner = $1, lease_until = clock_timestamp() + $2 * interval '1 millisecond'
WHERE id = (SELECT id FROM sb_redrive WHERE status = 'running' ORDER BY id LIMIT 1)
  AND (lease_owner = $1 OR lease_until < clock_timestamp())
RETURNING *`;

/** Counts also what was done while it was being cancelled. */
export const advance = `
UPDATE sb_redrive SET at_id = $3, redriven = $4, refused = $5, last_refusal = $6,
  ended_at = CASE WHEN $7 AND status = 'running' THEN clock_timestamp() ELSE ended_at END,
  status = CASE WHEN $7 AND status = 'running' THEN 'done' ELSE status END
WHERE id = $1 AND lease_owner = $2
RETURNING status`;
