/** Who may send webhooks, and what. A source is data: it holds no secret and no code. */
export interface WebhookSource {
  /** Name in records, metrics and, for flat payloads, in `metadata.source_service`. */
  readonly name: string;
  /** The address, exactly: no trailing slash, no parameters. */
  readonly path: string;
  /** Name of the signature scheme in `@signalbox/webhooks`. */
  readonly scheme: string;
  /** `flat`: the payload becomes `data` of an event made here; `envelope`: the body is a whole event. */
  readonly form: 'flat' | 'envelope';
  /** Event types the source may send; `public` = every type of the catalogue that is not about Signalbox itself. */
  readonly eventTypes: readonly string[] | 'public';
  /** Largest body in bytes. */
  readonly bodyBytesMax: number;
  /** The variable with the source's own secrets; without it those of `WEBHOOK_SECRET` count. */
  readonly secretVariable: string;
}
