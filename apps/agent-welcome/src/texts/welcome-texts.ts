import type { Jurisdiction } from '../locale.js';
import type { PlanKind } from '../plan.js';

/** Who sends the mails. */
export const company = 'Acme Solutions';

/** Subject and paragraphs for one kind of plan. `plan` is the plan's name as people write it. */
export interface PlanText {
  readonly subject: (plan: string) => string;
  readonly body: (plan: string) => readonly string[];
}

/** The welcome mail in one language. */
export interface WelcomeTexts {
  readonly greeting: string;
  readonly plans: Readonly<Record<PlanKind, PlanText>>;
  /** Stands for a plan without a name we can quote. */
  readonly unnamedPlan: string;
  /** When support is there; `city` names the time zone. */
  readonly support: (city: string) => string;
  readonly closing: string;
  readonly legal: Readonly<Record<Jurisdiction, string>>;
}
