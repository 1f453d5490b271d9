import { active, day, end } from '../test/samples.js';
import { nudgeMail } from './nudges.js';

describe('nudgeMail', () => {
  it('is, word for word', () => {
    const { subject, body } = nudgeMail('nudge-1d', active({ usage: { report_export: 3 } }), new Date(end));
    expect(subject).toBe('Your trial ends tomorrow');
    expect(body).toBe(
      [
        'Hello,',
        'Your trial ends tomorrow, on 14 April 2026.',
        'You have made good use of it: report export. If you choose a plan before the trial ends, everything you have set up stays as it is.',
        'You find the plans in your account, under Billing. Nothing is charged when the trial ends without one.',
        'Questions? Just reply to this mail.\n\nKind regards,\nthe team at Acme Solutions',
      ].join('\n\n'),
    );
  });

  it('asks back who was not seen for more than four days, as far as that is known', () => {
    const body = (lastUsedAt: string | null) =>
      nudgeMail('nudge-3d', active({ usage: { a: 1 }, last_used_at: lastUsedAt }), new Date(day(11))).body;
    expect(body(day(6.9))).toContain('We have not seen you since 7 April 2026: a good moment');
    expect(body(day(7))).not.toContain('not seen');
    expect(body(null)).not.toContain('not seen');
  });

  it.each([
    [{ a: 1, b: 2 }, 'b and a.'],
    [{ a: 3, b: 2, c: 1, d: 0.5 }, 'a, b and c.'],
    [{ 'line\nbreak': 1 }, 'line break.'],
    [{ ['x'.repeat(200)]: 1 }, `${'x'.repeat(59)}….`],
  ])('names the features of %j', (usage, text) =>
    expect(nudgeMail('nudge-3d', active({ usage }), new Date(end)).body).toContain(`good use of it: ${text}`),
  );
});
