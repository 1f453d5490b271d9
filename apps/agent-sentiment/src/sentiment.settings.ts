import { commaList, loadSettings, type Environment } from '@signalbox/config';
import { z } from 'zod';
import type { BusinessCalendar } from './business-calendar.js';

const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
};

const holiday = z.iso.date({ message: 'must hold dates like 2026-12-25' });

export const sentimentSettings = z.object({
  /** −1 to 1: mails about complaints with a lower score wait for a person. */
  SENTIMENT_AUTO_SEND_SCORE_MIN: z
    .string()
    .regex(/^-?\d(?:\.\d{1,6})?$/, { message: 'must be a number from -1 to 1' })
    .transform(Number)
    .pipe(z.number().min(-1, 'must be at least -1').max(1, 'must be at most 1'))
    .default(-0.9),
  /** Where support works from 9 to 17 o'clock. */
  SENTIMENT_TIME_ZONE: z
    .string()
    .refine(isTimeZone, { message: 'must be an IANA time zone such as Europe/Berlin' })
    .default('UTC'),
  /** Days on which nobody works, besides the weekends. */
  SENTIMENT_HOLIDAYS: commaList
    .pipe(z.array(holiday).max(366, { message: 'must hold at most 366 dates' }))
    .default([]),
});

/** What the rules are given beside state and event. */
export interface SentimentRules {
  /** −1 to 1: mails about complaints with a lower score wait for a person. */
  readonly autoSendScoreMin: number;
  readonly calendar: BusinessCalendar;
}

/** Reads the agent's settings; throws `config_invalid` that names every bad variable. */
export function loadSentimentRules(environment?: Environment): SentimentRules {
  const settings = loadSettings(sentimentSettings, environment);
  return Object.freeze({
    autoSendScoreMin: settings.SENTIMENT_AUTO_SEND_SCORE_MIN,
    calendar: Object.freeze({
      timeZone: settings.SENTIMENT_TIME_ZONE,
      holidays: new Set(settings.SENTIMENT_HOLIDAYS),
    }),
  });
}
