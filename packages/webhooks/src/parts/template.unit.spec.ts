import { compileTemplate, type TemplateValues } from './template.js';

const values: TemplateValues = {
  timestamp: '5',
  method: 'PUT',
  url: 'https://a.example/%3a%2F%20',
  headers: { 'x-id': 'one', 'x-two': ['a', 'b'] },
};
const around = (text: string, more: Partial<TemplateValues> = {}) => {
  const { before, after } = compileTemplate(text);
  return [before({ ...values, ...more }), after({ ...values, ...more })];
};

it.each([
  ['{body}', ['', '']],
  ['v0:{timestamp}:{body}', ['v0:5:', '']],
  ['{timestamp}{body}', ['5', '']],
  ['{method}{url}{body}{timestamp}', ['PUThttps://a.example/%3a%2F%20', '5']],
  ['{decodedUrl}{body}', ['https://a.example/:/%20', '']],
  ['{body}|{header:X-Id}|', ['', '|one|']],
])('%s', (text, expected) => {
  expect(around(text)).toEqual(expected);
});

it('has no text when the request lacks a part of it', () => {
  expect(around('{url}{body}', { url: undefined })).toEqual([undefined, '']);
  expect(around('{decodedUrl}.{body}', { url: undefined })).toEqual([undefined, '']);
  expect(around('{body}{header:x-none}')).toEqual(['', undefined]);
  expect(around('{body}.{header:x-two}')).toEqual(['', undefined]);
});

it('knows whether it needs the address, and whether the body is all', () => {
  expect(compileTemplate('{body}')).toMatchObject({ bodyOnly: true, usesUrl: false });
  expect(compileTemplate('{url}{body}')).toMatchObject({ bodyOnly: false, usesUrl: true });
  expect(compileTemplate('{decodedUrl}{body}')).toMatchObject({ usesUrl: true });
});
