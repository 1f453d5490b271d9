import { loadSettings } from '@signalbox/config';
import { maxAgeOption, welcomeSettings } from './settings.js';

describe('WELCOME_MAX_AGE_DAYS', () => {
  const read = (value?: string) =>
    loadSettings(welcomeSettings, { WELCOME_MAX_AGE_DAYS: value }).WELCOME_MAX_AGE_DAYS;

  it('is no limit when nothing is said', () => expect(read()).toBe(0));
  it('takes whole days, also 0 for no limit', () => expect([read('30'), read('0')]).toEqual([30, 0]));

  it.each(['-1', '3651', '1.5', 'week'])('refuses %s by name', (value) =>
    expect(() => read(value)).toThrow('WELCOME_MAX_AGE_DAYS'),
  );
});

describe('maxAgeOption', () => {
  it('turns days into milliseconds, and 0 into no limit', () => {
    expect(maxAgeOption(7)).toEqual({ maxAgeMs: 604_800_000 });
    expect(maxAgeOption(0)).toEqual({});
  });
});
