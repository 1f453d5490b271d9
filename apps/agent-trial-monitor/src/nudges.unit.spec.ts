import { active } from '../test/samples.js';
import { nudgeMail } from './nudges.js';

describe('nudgeMail', () => {
  it('is, word for word', () => {
    const { subject, body } = nudgeMail('nudge-1d', active({ usage: { report_export: 3 } }));
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

  it.each([
    [{ a: 1, b: 2 }, 'b and a.'],
    [{ a: 3, b: 2, c: 1, d: 0.5 }, 'a, b and c.'],
    [{ 'line\nbreak': 1 }, 'line break.'],
    [{ ['x'.repeat(200)]: 1 }, `${'x'.repeat(59)}….`],
  ])('names the features of %j', (usage, text) =>
    expect(nudgeMail('nudge-3d', active({ usage })).body).toContain(`good use of it: ${text}`),
  );
});
