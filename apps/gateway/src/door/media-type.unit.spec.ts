import { mediaTypeProblem } from './media-type.js';

const typed = (contentType: string, more: object = {}) => ({ 'content-type': contentType, ...more });

describe('mediaTypeProblem', () => {
  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
    'Application/JSON ; Charset=utf8',
    'application/json;',
    'application/vnd.signalbox.event+json',
  ])('takes %s', (contentType) => {
    expect(mediaTypeProblem(typed(contentType))).toBeUndefined();
  });

  it.each([
    ['text/plain', 'application/json'],
    ['application/x-www-form-urlencoded', 'application/json'],
    ['application/jsonp', 'application/json'],
    ['application/cloudevents+json', 'application/json'],
    ['application/json, text/plain', 'application/json'],
    ['application/json; boundary=x', 'application/json'],
    ['application/json; charset=latin1', 'charset'],
    ['application/json; charset=utf-16', 'charset'],
    ['', 'application/json'],
  ])('refuses %j', (contentType, words) => {
    const refusal = mediaTypeProblem(typed(contentType));
    expect(refusal).toMatchObject({ code: 'media_type_unsupported', status: 415 });
    expect(refusal?.detail).toContain(words);
  });

  it('refuses a body without a type and a compressed one', () => {
    expect(mediaTypeProblem({})).toMatchObject({ status: 415 });
    const gzip = mediaTypeProblem(typed('application/json', { 'content-encoding': 'gzip' }));
    expect(gzip?.detail).toContain('Compressed');
    expect(mediaTypeProblem(typed('application/json', { 'content-encoding': 'identity' }))).toBeUndefined();
  });
});
