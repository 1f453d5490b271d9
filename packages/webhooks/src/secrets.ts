/** One secret of a source. During a rotation a source has several. */
export interface WebhookSecret {
  /** Name of the secret in logs and records; never derived from its value. At most 64 characters. */
  readonly keyId: string;
  /** Text (its UTF-8 bytes are the key) or the key itself. */
  readonly value: string | Uint8Array;
  /** First millisecond since 1970 at which the secret counts; left out: always. */
  readonly activeFromMs?: number;
  /** First millisecond since 1970 at which the secret no longer counts; left out: for ever. */
  readonly activeUntilMs?: number;
}

/** The secrets that count at `nowMs`. An empty secret never counts: anybody could sign with it. */
export function activeSecrets(secrets: readonly WebhookSecret[], nowMs: number): readonly WebhookSecret[] {
  for (const secret of secrets)
    if (!counts(secret, nowMs)) return secrets.filter((one) => counts(one, nowMs));
  return secrets;
}

const counts = ({ value, activeFromMs, activeUntilMs }: WebhookSecret, nowMs: number): boolean =>
  value.length > 0 &&
  (activeFromMs === undefined || nowMs >= activeFromMs) &&
  (activeUntilMs === undefined || nowMs < activeUntilMs);
