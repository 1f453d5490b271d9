import { loadSettings, wholeNumber } from '@signalbox/config';
import { z } from 'zod';

const dayMs = 86_400_000;

/** The agent's own settings, beside those every agent has. */
export const welcomeSettings = z.object({
  /** Sign-ups older than this get no welcome mail; 0 (default) = every sign-up the agent has not read before does. */
  WELCOME_MAX_AGE_DAYS: wholeNumber(0, 3_650).default(0),
});

/** The handler option for a limit in days: none for 0. */
export const maxAgeOption = (days: number): { readonly maxAgeMs?: number } =>
  days === 0 ? {} : { maxAgeMs: days * dayMs };

export const maxAge = maxAgeOption(loadSettings(welcomeSettings).WELCOME_MAX_AGE_DAYS);
