import { parseAllowList } from './allow-list.js';
import { checkUrl } from './check-url.js';

const rules = {
  allowList: parseAllowList(['127.0.0.1:3301', 'internal:9000', '10.0.0.0/8']),
  ports: [80, 443],
};

it.each([
  ['https://hooks.example.com/a?b=c'],
  ['http://example.com:80/'],
  ['http://127.0.0.1:3301/control/restart'],
  ['http://internal:9000/'],
  ['http://10.1.2.3:8123/'],
])('takes %s', (url) => expect(checkUrl(url, rules).href).toBe(new URL(url).href));

it.each([
  ['not a url', /absolute/],
  ['/path', /absolute/],
  ['ftp://example.com/', /Scheme/],
  ['file:///etc/passwd', /Scheme/],
  ['javascript:alert(1)', /Scheme/],
  ['https://user:secret@example.com/', /credentials/],
  ['https://user@example.com/', /credentials/],
  ['https://example.com:8443/', /Port 8443/],
  ['http://127.0.0.1:3302/', /not a public address/],
  ['http://internal:9001/', /Port 9001/],
  [`https://example.com/${'a'.repeat(2_048)}`, /longer than/],
])('refuses %s', (url, message) => {
  const check = (): unknown => checkUrl(url, rules);
  expect(check).toThrow(expect.objectContaining({ code: 'outbound_blocked', retryable: false }));
  expect(check).toThrow(message);
});

it('never quotes a credential', () => {
  expect(() => checkUrl('https://user:hunter2@example.com/', rules)).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('hunter2') as string }),
  );
});
