import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignalboxError } from '@signalbox/errors';
import { readSource, readySource, type ReadySource } from '@signalbox/sources';
import { providers } from '@signalbox/webhooks';
import { addSource, house, type AddOptions } from './add-source.js';
import { newSecret } from './new-secret.js';
import { sampleRequest } from './sample-request.js';

const nowMs = Date.parse('2026-11-22T12:00:00Z');
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'add-source-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const dirs = () => ({ sourcesDir: join(root, 'records'), secretsDir: join(root, 'secrets') });
const add = (what: string, options: Partial<AddOptions> = {}) =>
  addSource(what, { mapping: true, quarantine: false, ...options }, dirs(), nowMs);
const refusal = (what: string, options: Partial<AddOptions> = {}): SignalboxError => {
  try {
    add(what, options);
  } catch (error) {
    if (error instanceof SignalboxError) return error;
    throw error;
  }
  throw new Error('it was added');
};
const ready = ({ source }: ReturnType<typeof add>): ReadySource =>
  readySource(source, { secretsDir: dirs().secretsDir, variable: () => undefined });

/** Providers whose secret can be made here; the others give a public key, or the secret itself. */
const ours = [...providers.values()].filter(
  ({ scheme }) => !['ed25519', 'ecdsa', 'twilio', 'mailgun'].includes(scheme.kind),
);

describe('adding', () => {
  it.each(ours.map(({ name }) => name))('%s: gives a source that verifies its own signed sample', (name) => {
    const source = ready(add(name));
    const url = `https://hooks.example.com${source.path}`;
    const request = sampleRequest(source, undefined, url, nowMs);
    const { secrets, verifier } = source;
    const asked = {
      rawBody: request.body,
      headers: request.headers,
      secrets,
      nowMs,
      method: 'POST',
      url: request.url,
    };
    expect(verifier.verify(asked)).toEqual(
      expect.objectContaining({ ok: true, keyId: `${name}-2026-11-22` }),
    );
  });

  it('keeps a secret that lies there, and takes the one it is given', () => {
    const first = add('github');
    rmSync(first.record);
    expect(add('github').madeSecret).toBeUndefined();
    const given = add('stripe', { secret: 'whsec_given' });
    expect(given.madeSecret).toBeUndefined();
    expect(readFileSync(given.secretFile, 'utf8')).toBe('whsec_given\n');
    expect(refusal('github', { as: 'stripe', secret: 'another' }).message).toContain(
      'There is a source stripe',
    );
    rmSync(given.record);
    expect(refusal('stripe', { secret: 'another' }).message).toContain('holds another secret already');
  });

  it('leaves the ready mapping out when told', () => {
    expect(readFileSync(add('alertmanager').record, 'utf8')).toContain('mapping: alertmanager-alerts');
    expect(readFileSync(add('alertmanager', { as: 'plain', mapping: false }).record, 'utf8')).not.toContain(
      'mapping:',
    );
  });

  it.each([1, 52, 53, 54, 63])('takes a name of %d characters', (length) => {
    const name = 'n'.repeat(length);
    const { source } = add(house, { as: name });
    expect(source.name).toBe(name);
    const [secret] = ready({ source } as ReturnType<typeof add>).secrets;
    expect(secret?.keyId).toBe(`${name.slice(0, 53)}-2026-11-22`);
  });

  it.each<[string, Partial<AddOptions>, string]>([
    ['gitbub', {}, 'There is no ready provider gitbub'],
    [house, {}, 'needs a name'],
    [house, { as: 'Bad Name' }, 'cannot have the name Bad Name'],
    ['sendgrid', {}, 'gives the secret or public key itself'],
    [house, { as: 'x', eventTypes: ['nonsense'] }, 'nonsense is not in the catalogue'],
    ['gitlab', { network: ['10.0.0.0/99'] }, 'networks.0 must be an address or a network'],
    [house, { as: 'x', network: ['10.0.0.0/8\nquarantine: true'] }, 'x.yaml'],
  ])('refuses %s with %j and leaves nothing behind', (what, options, why) => {
    expect(refusal(what, options).message).toContain(why);
    expect(existsSync(dirs().sourcesDir) ? readdirSync(dirs().sourcesDir) : []).toEqual([]);
  });
});

it('makes a secret no one has', () => {
  const made = new Set(Array.from({ length: 50 }, () => newSecret({ scheme: 'house' })));
  expect(made.size).toBe(50);
});

describe('a sample', () => {
  it('is a new webhook each time', () => {
    const source = ready(add('stripe'));
    const ids = [1, 2].map(() => {
      const { body } = sampleRequest(source, undefined, 'https://x.example/webhooks/stripe', nowMs);
      return (JSON.parse(body.toString('utf8')) as { id: string }).id;
    });
    expect(new Set(ids).size).toBe(2);
  });

  const samples = (deliveryId: string, ...sample: readonly string[]): ReadySource => {
    const { record } = add(house, { as: 'shop' });
    const lines = [`deliveryId: ${deliveryId}`, 'samples:', ...sample.map((line) => `  ${line}`)];
    const text = `${readFileSync(record, 'utf8')}${lines.join('\n')}\n`;
    return ready({ source: readSource(text, 'shop.yaml') } as ReturnType<typeof add>);
  };
  const request = (source: ReadySource) => sampleRequest(source, undefined, 'https://x.example/', nowMs);
  const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

  it.each(['X-Delivery', 'x-delivery', 'X-DELIVERY'])(
    'has one delivery id, where the sample calls its header %s',
    (written) => {
      const source = samples(
        '{ header: X-Delivery }',
        '- name: one',
        `  headers: { ${written}: d-1 }`,
        "  body: '{}'",
      );
      const found = Object.entries(request(source).headers).filter(([name]) => /^x-delivery$/i.test(name));
      expect(found).toEqual([['x-delivery', expect.stringMatching(uuid)]]);
    },
  );

  it.each([
    ['a text', 'hello', 'hello'],
    ['a form', 'id=7&a=b', 'id=7&a=b'],
    ['another JSON value', 'null', 'null'],
    ['no such field', '{"a":1}', '{"a":1}'],
    ['a number there', '{"id":7}', '{"id":7}'],
    ['an object there', '{"id":{"x":1}}', '{"id":{"x":1}}'],
  ])('stays as it is where its body is or has %s', (_what, body, expected) => {
    const source = samples('{ pointer: /id }', '- name: one', '  headers: {}', `  body: '${body}'`);
    expect(request(source).body.toString('utf8')).toBe(expected);
  });

  it('has another id deep in its body', () => {
    const source = samples(
      '{ pointer: /event/id }',
      '- name: one',
      '  headers: {}',
      `  body: '{"event":{"id":"e-1","n":1}}'`,
    );
    const { event } = JSON.parse(request(source).body.toString('utf8')) as {
      event: { id: string; n: number };
    };
    expect(event).toEqual({ id: expect.stringMatching(uuid) as string, n: 1 });
  });

  it('cannot be signed while no secret counts', () => {
    const source = ready(add('github'));
    const over = source.secrets.map((secret) => ({ ...secret, activeUntilMs: nowMs }));
    expect(() => request({ ...source, secrets: over })).toThrow('No secret of github counts now.');
  });

  it('must be there', () => {
    const source = ready(add('github'));
    expect(() => sampleRequest(source, 'nothing', 'https://x.example/', nowMs)).toThrow('no sample nothing');
  });
});
