import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { sign } from '@signalbox/webhooks';
import * as fc from 'fast-check';
import type { RunningGateway } from '../src/start-gateway.js';
import { head, raw } from './support/raw-client.js';
import { sample, testSecret } from './support/sources.js';
import { eventually, post, startTestGateway, testKafka } from './support/test-gateway.js';

const path = '/agent/ops-alert-webhook';
// Sender and gateway share this process: what is good must not run out of time while a busy machine keeps it waiting.
const limits = { headersMsMax: 4_000, requestMsMax: 5_000, bodyBytesInFlightMax: 3_000_000 };
let gateway: RunningGateway;

beforeAll(async () => {
  gateway = await startTestGateway(await testKafka(), { limits });
}, 900_000);

afterAll(async () => {
  await gateway?.stop();
});

const goodBody = (): string =>
  JSON.stringify({ ...sample('service_down.json'), n: randomBytes(8).toString('hex') });

const signedHead = (body: string, ...more: readonly string[]): string => {
  const signature = Object.entries(sign({ rawBody: body, secret: testSecret })).map(
    ([name, value]) => `${name}: ${value}`,
  );
  return head(path, 'content-type: application/json', ...signature, ...more);
};

const metric = async (name: string): Promise<number> => {
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  return Number(new RegExp(`^signalbox_${name}(?:\\{[^}]*\\})? (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
};

// After each abuse the gateway takes a good webhook and holds nothing of the bad one.
afterEach(async () => {
  expect((await post(`${gateway.url}${path}`, goodBody())).status).toBe(202);
  await eventually(async () => (await metric('gateway_body_bytes_in_flight')) === 0);
  expect(await metric('gateway_webhooks_in_flight')).toBe(0);
});

describe('what is not HTTP', () => {
  it.each([
    ['noise', randomBytes(64), 400],
    ['a TLS handshake', Buffer.from('160301020001000001fc0303', 'hex'), 400],
    ['an unknown method', 'BREW / HTTP/1.1\r\nhost: x\r\n\r\n', 400],
    ['another protocol', 'POST / SIP/2.0\r\n\r\n', 400],
    ['a header without a name', `POST ${path} HTTP/1.1\r\nhost: x\r\n: v\r\n\r\n`, 400],
    ['a control character in a header', `POST ${path} HTTP/1.1\r\nhost: x\r\na: \u0000\r\n\r\n`, 400],
    ['two lengths', head(path, 'content-length: 1', 'content-length: 2'), 400],
    ['length and chunks', head(path, 'content-length: 1', 'transfer-encoding: chunked'), 400],
    ['a negative length', head(path, 'content-length: -1'), 400],
    ['a length that is no number', head(path, 'content-length: many'), 400],
    ['an endless length', head(path, `content-length: ${'9'.repeat(30)}`), 400],
    ['an unknown coding', head(path, 'transfer-encoding: gzip'), 400],
    ['headers of 20 KiB', head(path, `x-a: ${'a'.repeat(20_480)}`), 431],
    ['a target of 20 KiB', head(`/${'a'.repeat(20_480)}`), 431],
  ])('%s gets one answer and the end of the connection', async (_, bytes, status) => {
    const answer = await raw(gateway.url, bytes);
    expect(answer.statuses).toEqual([status]);
    expect(answer.text).toContain('application/problem+json');
    expect(answer.text).toContain('"code":"request_malformed"');
  });

  it.each([
    ['a chunk length that is no number', 'zz\r\nabc\r\n0\r\n\r\n'],
    ['a chunk longer than it says', '1\r\nabc\r\n0\r\n\r\n'],
    ['a chunk of an endless length', 'fffffffffffffffff\r\na'],
  ])('%s', async (_, chunks) => {
    const answer = await raw(
      gateway.url,
      head(path, 'content-type: application/json', 'transfer-encoding: chunked'),
      chunks,
    );
    expect(answer.statuses).toEqual([400]);
  });

  it('chunk extensions of 64 KiB', async () => {
    const answer = await raw(
      gateway.url,
      head(path, 'transfer-encoding: chunked'),
      `1;${'a'.repeat(65_536)}\r\na\r\n`,
    );
    expect(answer.statuses).toEqual([413]);
  });

  it('no host', async () => {
    expect((await raw(gateway.url, `POST ${path} HTTP/1.1\r\n\r\n`)).statuses).toEqual([400]);
  });
});

describe('slow and broken senders', () => {
  it('headers that do not end are cut off', async () => {
    const answer = await raw(gateway.url, `POST ${path} HTTP/1.1\r\nhost: x\r\n`);
    expect(answer.statuses).toEqual([408]);
  });

  it('a body that does not end is cut off', async () => {
    const answer = await raw(
      gateway.url,
      head(path, 'content-type: application/json', 'content-length: 100'),
      '{"a":',
    );
    expect(answer.statuses).toEqual([408]);
  });

  it('an upload that breaks off leaves nothing behind', async () => {
    const { hostname, port } = new URL(gateway.url);
    const before = await metric('gateway_webhooks_received_total\\{source="ops-alert",outcome="aborted"');
    const socket = connect({ host: hostname, port: Number(port) });
    socket.on('error', () => undefined);
    socket.write(head(path, 'content-length: 500000') + 'x'.repeat(400_000));
    await eventually(async () => (await metric('gateway_body_bytes_in_flight')) > 0);
    socket.resetAndDestroy();
    await eventually(async () => (await metric('gateway_body_bytes_in_flight')) === 0);
    expect(before).toBe(0);
  });

  it('a body announced too large is refused without reading it', async () => {
    const answer = await raw(
      gateway.url,
      head(path, 'content-type: application/json', 'content-length: 999999999'),
    );
    expect(answer.statuses).toEqual([413]);
  });

  it('a body that turns out too large is refused', async () => {
    const chunk = `${(65_536).toString(16)}\r\n${'x'.repeat(65_536)}\r\n`;
    const answer = await raw(
      gateway.url,
      head(path, 'transfer-encoding: chunked'),
      ...Array.from({ length: 20 }, () => chunk),
    );
    expect(answer.statuses).toEqual([413]);
  });

  it('bodies that together are too large are refused, and their room is given back', async () => {
    const uploads = Array.from({ length: 6 }, () =>
      raw(
        gateway.url,
        head(path, 'content-type: application/json', 'content-length: 1000000'),
        'x'.repeat(900_000),
      ),
    );
    await eventually(async () => (await metric('gateway_body_bytes_in_flight')) > 1_500_000);
    // The usual webhook still finds room.
    expect((await post(`${gateway.url}${path}`, goodBody())).status).toBe(202);
    const statuses = (await Promise.all(uploads)).map((answer) => answer.statuses);
    expect(statuses.filter(([status]) => status === 503).length).toBeGreaterThanOrEqual(3);
    expect(statuses.every(([status]) => status === 503 || status === 408)).toBe(true);
  });

  it('noise after a good webhook never stands before its answer', async () => {
    const body = goodBody();
    const answer = await raw(
      gateway.url,
      signedHead(body, `content-length: ${Buffer.byteLength(body)}`),
      body,
      'noise\r\n\r\n',
    );
    // Either the webhook's answer came first, or the connection ended without any.
    expect([[], [202], [202, 400]]).toContainEqual(answer.statuses);
  });

  it('two webhooks in one write are both answered, in order', async () => {
    const [first, second] = [goodBody(), goodBody().replace('service_down', 'nonsense')];
    const length = (body: string): string => `content-length: ${Buffer.byteLength(body)}`;
    const answer = await raw(
      gateway.url,
      signedHead(first, length(first)) +
        first +
        signedHead(second, length(second), 'connection: close') +
        second,
    );
    expect(answer.statuses).toEqual([202, 422]);
  });

  it('a body in single bytes is taken', async () => {
    const body = goodBody();
    const chunks = [...Buffer.from(body)].map((byte) =>
      Buffer.concat([Buffer.from('1\r\n'), Buffer.from([byte]), Buffer.from('\r\n')]),
    );
    const answer = await raw(
      gateway.url,
      signedHead(body, 'transfer-encoding: chunked', 'connection: close'),
      ...chunks,
      '0\r\n\r\n',
    );
    expect(answer.statuses).toEqual([202]);
  });
});

describe('anything signed', () => {
  it('is never answered with 500', async () => {
    const bodies = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.json().map((text) => Buffer.from(text)),
      fc
        .record({
          event_type: fc.constantFrom('service_down', 'service_recovered'),
          alert_id: fc.jsonValue(),
          data: fc.jsonValue(),
        })
        .map((value) => Buffer.from(JSON.stringify(value))),
      fc
        .record({
          event_id: fc.jsonValue(),
          event_type: fc.constantFrom('user.signed_up', 'webhook.received', 'toString'),
          timestamp: fc.oneof(fc.constant('2026-04-05T12:01:00Z'), fc.jsonValue()),
          data: fc.jsonValue(),
          metadata: fc.oneof(
            fc.jsonValue(),
            fc.record({ source_service: fc.jsonValue(), hops: fc.jsonValue() }),
          ),
        })
        .map((value) => Buffer.from(JSON.stringify(value))),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(path, '/events', '/agent/social-sentiment-webhook'),
        bodies,
        async (to, body) => {
          const { status } = await post(`${gateway.url}${to}`, body);
          expect([202, 400, 422]).toContain(status);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('with any headers is never answered with 500', async () => {
    const names = fc.constantFrom(
      'x-webhook-signature',
      'content-type',
      'x-correlation-id',
      'traceparent',
      'content-encoding',
      'cookie',
    );
    const headers = fc.dictionary(names, fc.stringMatching(/^[\x21-\x7e]{0,400}$/), { maxKeys: 4 });
    await fc.assert(
      fc.asyncProperty(headers, async (changes) => {
        const { status } = await post(`${gateway.url}${path}`, goodBody(), { headers: changes });
        expect([202, 401, 403, 415]).toContain(status);
      }),
      { numRuns: 200 },
    );
  });
});
