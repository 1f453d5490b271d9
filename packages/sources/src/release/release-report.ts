/** What a run that releases kept webhooks found and did, as the gateway answers and people read it; counts of webhooks. */
export interface ReleaseReport {
  readonly run: string;
  readonly source: string;
  readonly by: string;
  readonly dry_run: boolean;
  /** Kept webhooks of the time asked for. */
  readonly looked_at: number;
  /** Became events now, or would. */
  readonly released: number;
  /** Had been released by an earlier run, or sent again and accepted meanwhile. */
  readonly already_there: number;
  /** The same webhook was kept several times; it is released once. */
  readonly repeats: number;
  /** The signature matches no secret of today either. */
  readonly still_refused: number;
  /** Verified, but its mapping or contract does not fit. */
  readonly unfit: number;
  /** Refused for their signature and not kept: above the rate, or a token that must not be kept. They cannot be released. */
  readonly not_kept: number;
  /** The first few that are unfit, each with the code and what is wrong. */
  readonly problems: readonly {
    readonly webhook_id: string;
    readonly code: string;
    readonly message: string;
  }[];
  /** Another run was at it already: this is its report. */
  readonly joined?: boolean;
}
