/** $1: per row 16 bytes of identity and 16 of fingerprint; $2: number of rows; $3: one byte per row, 1 = skipped. */
export const takeResponsibility = `
INSERT INTO sb_inbox (identity, fingerprint, is_skipped)
SELECT encode(substring($1::bytea FROM n * 32 + 1 FOR 16), 'hex')::uuid AS identity,
  encode(substring($1::bytea FROM n * 32 + 17 FOR 16), 'hex')::uuid,
  get_byte($3::bytea, n) = 1
FROM generate_series(0, $2::integer - 1) AS n
ORDER BY identity
ON CONFLICT DO NOTHING
RETURNING identity`;

export const fingerprintsOf = `
SELECT identity, fingerprint FROM sb_inbox WHERE identity = ANY($1::uuid[])`;
