import { emit, note, type DecideInput, type Output } from '@signalbox/agent-kit';
import { emailRequested, type DataOf, type userSignedUp } from '@signalbox/contracts';
import { localeOf, type Locale } from './locale.js';
import { planKind, planLabel } from './plan.js';
import { languages } from './texts/languages.js';

export type SignUp = DataOf<typeof userSignedUp>;

/** One welcome mail per sign-up, in the language of the location and fitting the plan. */
export function welcome({ event }: DecideInput<undefined, SignUp>): Output[] {
  const { user_id, email, plan, location } = event.data;
  const locale = localeOf(location);
  const { subject, body } = welcomeMail(plan, locale);
  return [
    emit(emailRequested, { recipient_id: user_id, to: email, subject, body_text: body, purpose: 'welcome' }),
    note(`Welcome mail for a ${planKind(plan)} plan in ${locale.language}.`),
  ];
}

/** The mail's text; the same plan and locale always give the same text. */
export function welcomeMail(plan: string, locale: Locale): { subject: string; body: string } {
  const texts = languages[locale.language];
  const planText = texts.plans[planKind(plan)];
  const label = planLabel(plan) ?? texts.unnamedPlan;
  const city = locale.timeZone.split('/').at(-1)?.replaceAll('_', ' ') ?? locale.timeZone;
  const parts = [
    texts.greeting,
    ...planText.body(label),
    texts.support(city),
    texts.closing,
    `-- \n${texts.legal[locale.jurisdiction]}`,
  ];
  return { subject: planText.subject(label), body: parts.join('\n\n') };
}
