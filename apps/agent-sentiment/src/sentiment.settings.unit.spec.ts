import { loadSentimentRules } from './sentiment.settings.js';

it('has defaults', () => {
  const { autoSendScoreMin, calendar } = loadSentimentRules({});
  expect({ autoSendScoreMin, ...calendar }).toEqual({
    autoSendScoreMin: -0.9,
    timeZone: 'UTC',
    holidays: new Set(),
  });
});

it('reads what is set', () => {
  const { autoSendScoreMin, calendar } = loadSentimentRules({
    SENTIMENT_AUTO_SEND_SCORE_MIN: '-0.5',
    SENTIMENT_TIME_ZONE: 'Europe/Berlin',
    SENTIMENT_HOLIDAYS: '2026-12-25, 2026-12-26',
  });
  expect(autoSendScoreMin).toBe(-0.5);
  expect(calendar.timeZone).toBe('Europe/Berlin');
  expect([...calendar.holidays]).toEqual(['2026-12-25', '2026-12-26']);
});

it.each([
  ['SENTIMENT_AUTO_SEND_SCORE_MIN', '-1.1'],
  ['SENTIMENT_AUTO_SEND_SCORE_MIN', 'low'],
  ['SENTIMENT_AUTO_SEND_SCORE_MIN', '1e-1'],
  ['SENTIMENT_TIME_ZONE', 'Berlin'],
  ['SENTIMENT_HOLIDAYS', 'Christmas'],
  ['SENTIMENT_HOLIDAYS', '2026-02-30'],
  ['SENTIMENT_HOLIDAYS', '2026-12-25,,'],
])('refuses %s=%s by name', (name, value) => {
  const load = (): unknown => loadSentimentRules({ [name]: value });
  expect(load).toThrow(expect.objectContaining({ code: 'config_invalid' }));
  expect(load).toThrow(name);
});
