import { redactHeaders } from './redact-headers.js';
import { redacted } from './redaction-rules.js';

describe('redactHeaders', () => {
  it.each([
    ...['authorization', 'proxy-authorization', 'cookie', 'x-webhook-signature', 'stripe-signature'],
    ...['x-hub-signature-256', 'x-gitlab-token', 'x-api-key', 'apikey', 'x-client-secret'],
  ])('removes %s', (name) => {
    expect(redactHeaders({ [name]: 'sensitive' })).toEqual({ [name]: redacted });
  });

  it('keeps the others, joins lists, leaves out what is not there', () => {
    expect(
      redactHeaders({ 'content-type': 'application/json', 'x-many': ['a', 'b'], 'x-none': undefined }),
    ).toEqual({ 'content-type': 'application/json', 'x-many': 'a, b' });
  });

  it('looks into the values of the others', () => {
    expect(redactHeaders({ 'x-from': 'jane@example.com' })).toEqual({ 'x-from': redacted });
  });

  it('bounds count, names and values', () => {
    const many = Object.fromEntries(Array.from({ length: 90 }, (_, index) => [`x-${index}`, 'v']));
    expect(Object.keys(redactHeaders(many))).toHaveLength(50);
    const [[name, value]] = Object.entries(redactHeaders({ ['n'.repeat(500)]: 'v'.repeat(5_000) })) as [
      [string, string],
    ];
    expect(name).toHaveLength(65);
    expect(value).toHaveLength(257);
  });
});
