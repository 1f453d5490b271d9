/** The languages the welcome mail is written in; `en-GB` also serves everyone whose language is not among them. */
export type Language = 'en-GB' | 'en-US' | 'de' | 'fr' | 'es' | 'ja';
/** Whose privacy law the footer names. */
export type Jurisdiction = 'california' | 'eu' | 'uk' | 'switzerland' | 'japan' | 'general';

export interface Locale {
  readonly language: Language;
  readonly jurisdiction: Jurisdiction;
  /** IANA name of the time zone in which support hours are told. */
  readonly timeZone: string;
}

const locale = (language: Language, jurisdiction: Jurisdiction, timeZone: string): Locale =>
  Object.freeze({ language, jurisdiction, timeZone });

/** Where the location is missing or not one we know. */
export const fallbackLocale = locale('en-GB', 'general', 'UTC');

/** By country, ISO 3166-1. */
const countries = new Map<string, Locale>([
  ['US', locale('en-US', 'general', 'America/New_York')],
  ['CA', locale('en-US', 'general', 'America/Toronto')],
  ['GB', locale('en-GB', 'uk', 'Europe/London')],
  ['AU', locale('en-GB', 'general', 'Australia/Sydney')],
  ['NZ', locale('en-GB', 'general', 'Pacific/Auckland')],
  ['IN', locale('en-GB', 'general', 'Asia/Kolkata')],
  ['SG', locale('en-GB', 'general', 'Asia/Singapore')],
  ['ZA', locale('en-GB', 'general', 'Africa/Johannesburg')],
  ['DE', locale('de', 'eu', 'Europe/Berlin')],
  ['AT', locale('de', 'eu', 'Europe/Vienna')],
  ['LI', locale('de', 'eu', 'Europe/Vaduz')],
  ['CH', locale('de', 'switzerland', 'Europe/Zurich')],
  ['FR', locale('fr', 'eu', 'Europe/Paris')],
  ['BE', locale('fr', 'eu', 'Europe/Brussels')],
  ['LU', locale('fr', 'eu', 'Europe/Luxembourg')],
  ['MC', locale('fr', 'general', 'Europe/Monaco')],
  ['ES', locale('es', 'eu', 'Europe/Madrid')],
  ['MX', locale('es', 'general', 'America/Mexico_City')],
  ['AR', locale('es', 'general', 'America/Buenos_Aires')],
  ['CO', locale('es', 'general', 'America/Bogota')],
  ['CL', locale('es', 'general', 'America/Santiago')],
  ['PE', locale('es', 'general', 'America/Lima')],
  ['JP', locale('ja', 'japan', 'Asia/Tokyo')],
  ['IE', locale('en-GB', 'eu', 'Europe/Dublin')],
  ['NL', locale('en-GB', 'eu', 'Europe/Amsterdam')],
  ['IT', locale('en-GB', 'eu', 'Europe/Rome')],
  ['PT', locale('en-GB', 'eu', 'Europe/Lisbon')],
  ['PL', locale('en-GB', 'eu', 'Europe/Warsaw')],
  ['CZ', locale('en-GB', 'eu', 'Europe/Prague')],
  ['HU', locale('en-GB', 'eu', 'Europe/Budapest')],
  ['RO', locale('en-GB', 'eu', 'Europe/Bucharest')],
  ['BG', locale('en-GB', 'eu', 'Europe/Sofia')],
  ['GR', locale('en-GB', 'eu', 'Europe/Athens')],
  ['SE', locale('en-GB', 'eu', 'Europe/Stockholm')],
  ['DK', locale('en-GB', 'eu', 'Europe/Copenhagen')],
  ['FI', locale('en-GB', 'eu', 'Europe/Helsinki')],
  ['NO', locale('en-GB', 'eu', 'Europe/Oslo')],
]);

/** What a region changes of its country, ISO 3166-2. */
const regions = new Map<string, Partial<Locale>>([
  ['US-CA', { jurisdiction: 'california', timeZone: 'America/Los_Angeles' }],
  ['US-WA', { timeZone: 'America/Los_Angeles' }],
  ['US-OR', { timeZone: 'America/Los_Angeles' }],
  ['US-NV', { timeZone: 'America/Los_Angeles' }],
  ['US-TX', { timeZone: 'America/Chicago' }],
  ['US-IL', { timeZone: 'America/Chicago' }],
  ['US-MN', { timeZone: 'America/Chicago' }],
  ['US-CO', { timeZone: 'America/Denver' }],
  ['US-UT', { timeZone: 'America/Denver' }],
  ['US-AZ', { timeZone: 'America/Phoenix' }],
  ['CA-QC', { language: 'fr' }],
  ['CA-BC', { timeZone: 'America/Vancouver' }],
  ['CA-AB', { timeZone: 'America/Edmonton' }],
  ['CH-GE', { language: 'fr' }],
  ['CH-VD', { language: 'fr' }],
  ['CH-NE', { language: 'fr' }],
  ['CH-JU', { language: 'fr' }],
  ['CH-TI', { language: 'en-GB' }],
  ['BE-VLG', { language: 'en-GB' }],
  ['AU-WA', { timeZone: 'Australia/Perth' }],
  ['AU-QLD', { timeZone: 'Australia/Brisbane' }],
]);

/** Reads an ISO 3166-1 country or 3166-2 region in any case, with `-` or `_`; whatever else it is, the fallback. */
export function localeOf(location: string | undefined): Locale {
  const match = /^([a-z]{2})(?:[-_]([a-z0-9]{1,3}))?$/i.exec(location?.trim() ?? '');
  if (!match) return fallbackLocale;
  const [, country = '', region = ''] = match.map((part) => part?.toUpperCase());
  const found = countries.get(country === 'UK' ? 'GB' : country);
  return found ? { ...found, ...regions.get(`${country}-${region}`) } : fallbackLocale;
}
