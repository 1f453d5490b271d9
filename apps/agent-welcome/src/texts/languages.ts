import type { Language } from '../locale.js';
import { americanEnglish, britishEnglish } from './english.js';
import { french } from './french.js';
import { german } from './german.js';
import { japanese } from './japanese.js';
import { spanish } from './spanish.js';
import type { WelcomeTexts } from './welcome-texts.js';

/** The welcome mail in every language. A new language is a file beside this one and a line here. */
export const languages: Readonly<Record<Language, WelcomeTexts>> = Object.freeze({
  'en-GB': britishEnglish,
  'en-US': americanEnglish,
  de: german,
  fr: french,
  es: spanish,
  ja: japanese,
});
