import { addBusinessTime, hourMs, localTime, type BusinessCalendar } from './business-calendar.js';

const calendar = (timeZone: string, ...holidays: string[]): BusinessCalendar => ({
  timeZone,
  holidays: new Set(holidays),
});
const berlin = calendar('Europe/Berlin');
const due = (from: string, hours: number, of = berlin): string =>
  localTime(addBusinessTime(new Date(from), hours * hourMs, of), of).slice(0, 16);

describe('four business hours', () => {
  it.each([
    ['on a Monday morning', '2026-09-07T10:00:00+02:00', '2026-09-07 14:00'],
    ['at opening time', '2026-09-07T09:00:00+02:00', '2026-09-07 13:00'],
    ['that end at closing time', '2026-09-07T13:00:00+02:00', '2026-09-07 17:00'],
    ['that do not fit into the day', '2026-09-07T13:01:00+02:00', '2026-09-08 09:01'],
    ['in the evening', '2026-09-07T19:30:00+02:00', '2026-09-08 13:00'],
    ['in the early morning', '2026-09-08T03:00:00+02:00', '2026-09-08 13:00'],
    ['at closing time', '2026-09-07T17:00:00+02:00', '2026-09-08 13:00'],
    ['on a Friday afternoon', '2026-09-11T15:00:00+02:00', '2026-09-14 11:00'],
    ['on a Saturday', '2026-09-12T12:00:00+02:00', '2026-09-14 13:00'],
    ['on a Sunday night', '2026-09-13T23:59:59+02:00', '2026-09-14 13:00'],
    // The clock goes from 2:00 to 3:00 on Sunday, 29 March, and back on Sunday, 25 October 2026.
    ['over the beginning of summer time', '2026-03-27T16:00:00+01:00', '2026-03-30 12:00'],
    ['over the end of summer time', '2026-10-23T16:00:00+02:00', '2026-10-26 12:00'],
    ['told in another zone', '2026-09-07T08:00:00Z', '2026-09-07 14:00'],
  ])('%s', (_what, from, until) => expect(due(from, 4)).toBe(until));

  it('last as long as they say, also over a change of the clock', () => {
    const from = new Date('2026-03-27T16:00:00+01:00');
    // An hour on Friday, three on Monday: 17:00 (+1) to 9:00 (+2) are 63 hours.
    expect(addBusinessTime(from, 4 * hourMs, berlin).getTime() - from.getTime()).toBe((1 + 63 + 3) * hourMs);
    const autumn = new Date('2026-10-23T16:00:00+02:00');
    expect(addBusinessTime(autumn, 4 * hourMs, berlin).getTime() - autumn.getTime()).toBe(
      (1 + 65 + 3) * hourMs,
    );
  });

  it('know the local day where it differs from the day in UTC', () => {
    expect(due('2026-09-11T23:30:00Z', 4, calendar('Pacific/Auckland'))).toBe('2026-09-14 13:00');
    expect(due('2026-09-14T05:30:00Z', 4, calendar('America/Los_Angeles'))).toBe('2026-09-14 13:00');
    expect(due('2026-09-07T04:00:00Z', 4, calendar('Asia/Kolkata'))).toBe('2026-09-07 13:30');
  });

  it('leave out holidays, several in a row and on a weekend as well', () => {
    const of = calendar('Europe/Berlin', '2026-12-24', '2026-12-25', '2026-12-26');
    expect(due('2026-12-23T16:00:00+01:00', 4, of)).toBe('2026-12-28 12:00');
  });
});

describe('other spans', () => {
  it('run over several days and weeks', () => {
    expect(due('2026-09-07T10:00:00+02:00', 8)).toBe('2026-09-08 10:00');
    expect(due('2026-09-07T09:00:00+02:00', 41)).toBe('2026-09-14 10:00');
    expect(due('2026-09-07T10:00:00+02:00', 0)).toBe('2026-09-07 10:00');
  });

  it('add up: two times four hours are eight', () => {
    for (let hour = 0; hour < 24 * 14; hour += 1) {
      const from = new Date(Date.parse('2026-03-20T00:17:00Z') + hour * hourMs);
      const once = addBusinessTime(from, 8 * hourMs, berlin);
      const half = addBusinessTime(from, 4 * hourMs, berlin);
      expect(addBusinessTime(half, 4 * hourMs, berlin)).toEqual(once);
      expect(half.getTime()).toBeGreaterThan(from.getTime());
    }
  });

  it('refuse a calendar without work', () => {
    const days = Array.from({ length: 1_600 }, (_, n) =>
      new Date(Date.parse('2026-09-07') + n * 24 * hourMs).toISOString().slice(0, 10),
    );
    expect(() => due('2026-09-07T10:00:00Z', 4, calendar('UTC', ...days))).toThrow(
      expect.objectContaining({ code: 'config_invalid' }),
    );
  });
});
