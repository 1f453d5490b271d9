import { fallbackLocale, localeOf } from './locale.js';

describe('localeOf', () => {
  it.each([
    ['US-CA', 'en-US', 'california', 'America/Los_Angeles'],
    ['US', 'en-US', 'general', 'America/New_York'],
    ['US-ZZ', 'en-US', 'general', 'America/New_York'],
    ['us_tx', 'en-US', 'general', 'America/Chicago'],
    ['DE', 'de', 'eu', 'Europe/Berlin'],
    ['DE-BY', 'de', 'eu', 'Europe/Berlin'],
    ['CH', 'de', 'switzerland', 'Europe/Zurich'],
    ['CH-GE', 'fr', 'switzerland', 'Europe/Zurich'],
    ['FR', 'fr', 'eu', 'Europe/Paris'],
    ['CA-QC', 'fr', 'general', 'America/Toronto'],
    ['ES', 'es', 'eu', 'Europe/Madrid'],
    ['MX', 'es', 'general', 'America/Mexico_City'],
    ['GB', 'en-GB', 'uk', 'Europe/London'],
    ['UK', 'en-GB', 'uk', 'Europe/London'],
    ['JP', 'ja', 'japan', 'Asia/Tokyo'],
    ['SE', 'en-GB', 'eu', 'Europe/Stockholm'],
    [' jp ', 'ja', 'japan', 'Asia/Tokyo'],
  ])('%s', (location, language, jurisdiction, timeZone) =>
    expect(localeOf(location)).toEqual({ language, jurisdiction, timeZone }),
  );

  it.each([undefined, '', 'XX', 'Mars', 'Berlin, Germany', 'US-CALIFORNIA', '1'])(
    'falls back for %p',
    (location) => expect(localeOf(location)).toEqual(fallbackLocale),
  );

  it('names time zones that exist', () => {
    for (const location of ['US', 'US-CA', 'US-AZ', 'AR', 'MX', 'LI', 'MC', 'AU-QLD', 'ZA', 'IN', 'CA-BC']) {
      const { timeZone } = localeOf(location);
      expect(() => new Intl.DateTimeFormat('en', { timeZone })).not.toThrow();
    }
  });
});
