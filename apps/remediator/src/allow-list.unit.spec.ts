import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllowList } from './allow-list.js';

const yaml = (entries: string): string => `version: 1\nentries:\n${entries}`;
const http = '{ url: "https://hooks.example/restart" }';

it.each([['allow-list.yaml'], ['allow-list.compose.yaml']])('takes the %s that is shipped', (name) => {
  const [entry] = parseAllowList(readFileSync(join(__dirname, '../../../infra/runbooks', name), 'utf8'));
  expect(entry).toMatchObject({ service: 'PaymentGatewayService', action: 'restart', idempotent: true });
  expect(entry?.http).toMatchObject({ method: 'POST', allow_private: true, timeout_ms: 12_000 });
});

it('fills in what an entry leaves out, on the careful side', () => {
  const [entry] = parseAllowList(yaml(`  - { service: A, action: restart, http: ${http} }`));
  expect(entry).toEqual({
    service: 'A',
    action: 'restart',
    idempotent: false,
    http: {
      url: 'https://hooks.example/restart',
      method: 'POST',
      headers: {},
      allow_private: false,
      timeout_ms: 10_000,
    },
  });
});

it('takes an empty list: nothing is allowed', () =>
  expect(parseAllowList('version: 1\nentries: []')).toEqual([]));

it.each([
  ['not a list', 'hello', '/'],
  ['an unknown version', 'version: 2\nentries: []', '/version'],
  ['an unknown field', yaml(`  - { service: A, action: restart, http: ${http}, shell: true }`), '/entries/0'],
  ['an unknown action', yaml(`  - { service: A, action: delete, http: ${http} }`), '/entries/0/action'],
  ['neither http nor command', yaml('  - { service: A, action: restart }'), '/entries/0'],
  ['both', yaml(`  - { service: A, action: restart, http: ${http}, command: { argv: [x] } }`), '/entries/0'],
  [
    'a hook that is a command',
    yaml('  - { service: A, action: hook, command: { argv: [x] } }'),
    '/entries/0',
  ],
  ['scale without bounds', yaml('  - { service: A, action: scale, command: { argv: [x] } }'), '/entries/0'],
  [
    'bounds upside down',
    yaml('  - { service: A, action: scale, command: { argv: [x] }, replicas: { min: 3, max: 1 } }'),
    '/entries/0/replicas',
  ],
  [
    'a file URL',
    yaml('  - { service: A, action: hook, http: { url: "file:///etc" } }'),
    '/entries/0/http/url',
  ],
  [
    'an empty command',
    yaml('  - { service: A, action: restart, command: { argv: [] } }'),
    '/entries/0/command/argv',
  ],
  [
    'a command as one text',
    yaml('  - { service: A, action: restart, command: { argv: "rm -r" } }'),
    '/command/argv',
  ],
  [
    'a time-out longer than an attempt',
    yaml('  - { service: A, action: restart, command: { argv: [x], timeout_ms: 60000 } }'),
    '/entries/0/command/timeout_ms',
  ],
  [
    'two entries for one request',
    yaml(
      `  - { service: A, action: hook, http: ${http} }\n  - { service: A, action: hook, environments: [b], http: ${http} }`,
    ),
    '/entries/1',
  ],
])('refuses %s and points at it', (_what, text, pointer) => {
  const parse = (): unknown => parseAllowList(text);
  expect(parse).toThrow(expect.objectContaining({ code: 'config_invalid' }));
  expect(parse).toThrow(pointer);
});

it('takes entries for different environments of a service', () => {
  const text = yaml(
    ['a', 'b'].map((e) => `  - { service: A, action: hook, environments: [${e}], http: ${http} }`).join('\n'),
  );
  expect(parseAllowList(text)).toHaveLength(2);
});

it.each([['a: [1'], ['a: &x 1\nb: *x']])('refuses YAML that is broken or has aliases: %j', (text) => {
  expect(() => parseAllowList(text)).toThrow(expect.objectContaining({ code: 'config_invalid' }));
});
