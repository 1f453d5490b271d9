import { emit, note } from '@signalbox/agent-kit';
import { emailRequested, userSignedUp } from '@signalbox/contracts';
import { event, given, textMatching } from '@signalbox/test-kit';
import { fallbackLocale, localeOf } from './locale.js';
import { welcome, welcomeMail, type SignUp } from './welcome.decide.js';

const signUp = (data: Partial<SignUp> = {}) => event(userSignedUp, { ...userSignedUp.example, ...data });

const californianTrial = `Hi there,

Thank you for trying Acme Solutions. Your Premium trial is active from now on, with every feature of the plan switched on and no payment details needed.

A good first step: bring in some of your own data and build one report. It takes about ten minutes and shows best whether we are right for you.

We will remind you before the trial ends. Nothing is charged unless you choose a plan.

Questions? Just reply to this email. Our support team is here Monday through Friday, 9 a.m. to 6 p.m. (Los Angeles time).

Best regards,
The Acme Solutions team

--${' '}
You receive this mail because you signed up with us. We do not sell your personal information; your rights under the California Consumer Privacy Act are described in our privacy notice.`;

describe('welcome', () => {
  it('asks for one mail, word for word, for a trial in California', () => {
    given()
      .when(signUp())
      .with(welcome)
      .then(
        emit(emailRequested, {
          recipient_id: 'usr-5678',
          to: 'jane.doe@example.com',
          subject: 'Your Premium trial has started',
          body_text: californianTrial,
          purpose: 'welcome',
        }),
        note('Welcome mail for a trial plan in en-US.'),
      );
  });

  it.each([
    [
      'enterprise',
      'DE',
      'Willkommen bei Acme Solutions Enterprise',
      /persönliche Ansprechperson.*Ortszeit Berlin.*Datenschutz-Grundverordnung/s,
    ],
    ['free', 'FR', 'Bienvenue chez Acme Solutions', /compte Free est prêt.*heure de Paris.*RGPD/s],
    [
      'pro',
      'ES',
      'Te damos la bienvenida a Acme Solutions Pro',
      /Tu cuenta está lista.*hora de Madrid.*RGPD/s,
    ],
    [
      'basic',
      'GB',
      'Welcome to Acme Solutions',
      /stays free of charge.*London time.*Data Protection Act 2018/s,
    ],
    ['team_trial', 'JP', 'Team の無料トライアルが始まりました', /Tokyo 時間.*個人情報保護法/s],
    ['gold', undefined, 'Welcome to Acme Solutions', /^Hello,.*what your plan includes.*UTC time/s],
  ])('writes to a %s user in %s', (plan, location, subject, body) => {
    given()
      .when(signUp({ plan, location }))
      .with(welcome)
      .thenIncludes(
        emit(emailRequested, {
          recipient_id: 'usr-5678',
          to: 'jane.doe@example.com',
          subject,
          body_text: textMatching(body),
          purpose: 'welcome',
        }),
      );
  });

  it('writes to every plan and place without breaking the contract of email.requested', () => {
    for (const plan of ['trial', 'premium_trial', 'enterprise', 'free', '??', 'x'.repeat(255)]) {
      for (const location of [undefined, 'US-CA', 'DE', 'FR', 'ES', 'JP', 'nowhere']) {
        expect(given().when(signUp({ plan, location })).with(welcome).emitted(emailRequested)).toHaveLength(
          1,
        );
      }
    }
  });
});

describe('welcomeMail', () => {
  it('speaks of the company where the plan has no name to quote', () => {
    expect(welcomeMail('trial', fallbackLocale).subject).toBe('Your Acme Solutions trial has started');
  });

  it('separates the footer the way mail programs know signatures', () => {
    expect(welcomeMail('free', localeOf('DE')).body.split('\n-- \n')).toHaveLength(2);
  });
});
