import type { MappingRule } from '../mapping/rules.js';

/** Rules that come with Signalbox: data, to be named in a record, or copied into one and changed. */
export interface ReadyMapping {
  readonly name: string;
  /** The ready providers whose payloads it reads. */
  readonly providers: readonly string[];
  /** One sentence: which events become which. */
  readonly summary: string;
  readonly rules: readonly MappingRule[];
}
