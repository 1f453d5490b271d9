import { company, type WelcomeTexts } from './welcome-texts.js';

export const britishEnglish: WelcomeTexts = {
  greeting: 'Hello,',
  unnamedPlan: company,
  plans: {
    trial: {
      subject: (plan) => `Your ${plan} trial has started`,
      body: (plan) => [
        `Thank you for trying ${company}. Your ${plan} trial is active from now on, with every feature of the plan switched on and no payment details needed.`,
        'A good first step: bring in some of your own data and build one report. It takes about ten minutes and shows best whether we are right for you.',
        'We will remind you before the trial ends. Nothing is charged unless you choose a plan.',
      ],
    },
    enterprise: {
      subject: () => `Welcome to ${company} Enterprise`,
      body: () => [
        `Thank you for choosing ${company} Enterprise.`,
        'Your account manager will write to you within one working day to plan the roll-out with you: single sign-on, roles, and moving your data.',
        'If you would like to start before that, you can invite your colleagues today. There is no limit on seats.',
      ],
    },
    paid: {
      subject: (plan) => `Welcome to ${company} ${plan}`,
      body: (plan) => [
        `Thank you for choosing ${company} ${plan}. Your account is ready.`,
        'Start by inviting your team and connecting your first data source; both are on the page you see after signing in.',
      ],
    },
    free: {
      subject: () => `Welcome to ${company}`,
      body: (plan) => [
        `Your ${plan} account is ready, and it stays free of charge for as long as you like.`,
        'Begin with one of the sample projects: they show what you can do without any preparation. Should you need more room one day, you can change your plan at any time and keep your work.',
      ],
    },
    unknown: {
      subject: () => `Welcome to ${company}`,
      body: () => [
        'Thank you for signing up. Your account is ready.',
        'The page you see after signing in shows what your plan includes and suggests a first step.',
      ],
    },
  },
  support: (city) =>
    `Questions? Just reply to this mail. Our support team answers Monday to Friday, 9:00 to 18:00 (${city} time).`,
  closing: `Kind regards,\nthe team at ${company}`,
  legal: {
    california:
      'You receive this mail because you signed up with us. We do not sell your personal information; your rights under the California Consumer Privacy Act are described in our privacy notice.',
    eu: 'You receive this mail because you signed up with us. We process your data under the General Data Protection Regulation; you may ask for access, correction or erasure at any time.',
    uk: 'You receive this mail because you signed up with us. We process your data under the UK GDPR and the Data Protection Act 2018; you may ask for access, correction or erasure at any time.',
    switzerland:
      'You receive this mail because you signed up with us. We process your data under the Swiss Federal Act on Data Protection; you may ask for access, correction or erasure at any time.',
    japan:
      'You receive this mail because you signed up with us. We handle your data under the Act on the Protection of Personal Information; you may ask for disclosure or correction at any time.',
    general:
      'You receive this mail because you signed up with us. Our privacy notice says how we handle your data and how you can have it corrected or deleted.',
  },
};

export const americanEnglish: WelcomeTexts = {
  ...britishEnglish,
  greeting: 'Hi there,',
  support: (city) =>
    `Questions? Just reply to this email. Our support team is here Monday through Friday, 9 a.m. to 6 p.m. (${city} time).`,
  closing: `Best regards,\nThe ${company} team`,
};
