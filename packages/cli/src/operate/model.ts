// What the control API answers with, as far as the command line shows it.

export interface Letter {
  readonly id: string;
  readonly status: 'open' | 'redriven' | 'discarded';
  readonly handler: string | null;
  readonly key: { readonly kind: string; readonly value: string } | null;
  readonly event_id: string | null;
  readonly event_type: string | null;
  readonly source: string | null;
  readonly correlation_id: string | null;
  readonly error_code: string;
  readonly error_message: string;
  readonly fingerprint: string;
  readonly attempts: number;
  readonly redrives: number;
  readonly first_failed_at: string;
  readonly last_failed_at: string;
  readonly code_version: string;
  readonly created_at: string;
  readonly edits: number;
  readonly edited: { readonly by: string; readonly at: string } | null;
  readonly settled: { readonly by: string; readonly why: string | null; readonly at: string } | null;
}

export type Bytes = { readonly text: string } | { readonly base64: string };

export interface WholeLetter extends Letter {
  readonly record: {
    readonly topic: string;
    readonly partition: number;
    readonly offset: string;
    readonly timestamp: string;
    readonly key: Bytes | null;
    readonly value: Bytes | null;
  };
  readonly edited_value: Bytes | null;
}

export interface Group {
  readonly fingerprint: string;
  readonly count: number;
  readonly error_code: string;
  readonly error_message: string;
  readonly handler: string | null;
  readonly event_type: string | null;
  readonly last_at: string;
}

export interface Change {
  readonly pointer: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

export interface Run {
  readonly id: string;
  readonly status: 'running' | 'done' | 'cancelled';
  readonly total: number;
  readonly redriven: number;
  readonly refused: number;
  readonly last_refusal: string | null;
  readonly rate_per_s: number;
  readonly asked_by: string;
  readonly created_at: string;
}

export interface BlockedKey {
  readonly kind: string;
  readonly value: string;
  readonly since: string | null;
  readonly waiting: number;
  readonly next_attempt_at: string | null;
  readonly error_message: string | null;
}

interface Switch {
  readonly by: string;
  readonly why: string;
  readonly since: string;
}
export interface Control {
  readonly agent: string;
  readonly paused: Switch | null;
  readonly effects_held: Switch | null;
}
