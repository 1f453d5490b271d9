import { errorCodes, type ErrorCodeInfo } from './codes.js';

const codes: [string, ErrorCodeInfo][] = Object.entries(errorCodes);

describe('the list of error codes', () => {
  it.each(codes)('%s has a stable name and two whole sentences', (code, info) => {
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(info.means).toMatch(/^[A-Z].*\.$/);
    expect(info.action).toMatch(/^[A-Z].*\.$/);
  });

  it.each(codes)('%s cannot be changed at run time', (_code, info) => {
    expect(Object.isFrozen(info)).toBe(true);
  });

  it.each(codes.filter(([, info]) => info.http !== undefined))(
    '%s has a fitting HTTP status',
    (_code, info) => {
      const { http = 0, retry } = info;
      expect(http >= 400 && http <= 599).toBe(true);
      // A client that gets 429 or 5xx tries again; one that gets another 4xx does not.
      expect(http === 429 || http >= 500).toBe(retry === 'later');
    },
  );
});
