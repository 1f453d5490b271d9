import { htmlOf } from './mail-layout.js';

const paragraphs = (body: string): string[] =>
  [...htmlOf({ subject: 's', body }).matchAll(/<p [^>]*>(.*?)<\/p>/g)].map((match) => match[1] ?? '');

it.each([
  ['one', ['one']],
  ['one\ntwo', ['one<br>two']],
  ['one\n\ntwo', ['one', 'two']],
  ['one\r\n\r\n\r\ntwo\n', ['one', 'two']],
  ['\n\n', []],
])('lays out %j', (body, expected) => expect(paragraphs(body)).toEqual(expected));

it('escapes everything that comes from an event', () => {
  const html = htmlOf({
    subject: '</title><script>1</script>',
    body: '<img src=x onerror="a()"> & {{this}}',
  });
  expect(html).not.toContain('<script>');
  expect(html).not.toContain('<img');
  expect(html).toContain('&lt;img src&#x3D;x onerror&#x3D;&quot;a()&quot;&gt; &amp; {{this}}');
});
