/**
 * $1: identities; $2: fingerprints; $3: whether it is skipped. One row: how many were new and, only when some were
 * known already, which were new.
 */
export const takeResponsibility = `
WITH taken AS (
  INSERT INTO sb_inbox (identity, fingerprint, is_skipped)
  SELECT g.identity, g.fingerprint, g.is_skipped
  FROM unnest($1::uuid[], $2::uuid[], $3::boolean[]) AS g(identity, fingerprint, is_skipped)
  ORDER BY g.identity
  ON CONFLICT DO NOTHING
  RETURNING identity)
SELECT count(*)::integer AS count,
  CASE WHEN count(*) < cardinality($1::uuid[]) THEN array_agg(identity)::text[] END AS identities
FROM taken`;

export const fingerprintsOf = `
SELECT identity, fingerprint FROM sb_inbox WHERE identity = ANY($1::uuid[])`;
