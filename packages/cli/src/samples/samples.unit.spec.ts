import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  catalogue,
  checkData,
  checkEvent,
  checkFlat,
  decodeEvent,
  rfc3339Ms,
  type AnyContract,
} from '@signalbox/contracts';
import { publishData, webhookBodies } from './bodies.js';
import { findContract } from './find-contract.js';
import { gatewayTarget } from './gateway-path.js';
import { fillIn, parseAssignment, setPath } from './set-path.js';
import { shiftTimes } from './shift-times.js';

type Data = Record<string, unknown>;
const parse = (bytes: Buffer | undefined): Data => JSON.parse(bytes?.toString('utf8') ?? 'null') as Data;
const sent = [...catalogue.values()]
  .filter(({ kind }) => kind !== 'platform')
  .map((c) => [c.type, c] as const);
const set = (...texts: string[]) => texts.map(parseAssignment);

describe('what send posts', () => {
  it.each(sent)('%s fulfils its contract where the gateway checks it', (_type, contract) => {
    const [body] = webhookBodies(contract, { count: 1, assignments: [] });
    if (gatewayTarget(contract).form === 'flat')
      return expect(() => checkFlat(contract, parse(body))).not.toThrow();
    const event = decodeEvent({ value: body as Buffer, headers: {}, timestampMs: 0 });
    expect(() => checkEvent(contract, event)).not.toThrow();
  });

  it.each(sent)('each %s is an event of its own', (_type, contract) => {
    const bodies = [1, 2].flatMap(() => webhookBodies(contract, { count: 3, assignments: [] }));
    expect(new Set(bodies.map(String)).size).toBe(6);
  });

  it('keeps the entities of the sample and makes ids, times and story new', () => {
    const [body] = webhookBodies(findContract('user.signed_up'), { count: 1, assignments: [] });
    const event = parse(body) as { event_id: string; timestamp: string; data: Data; metadata: Data };
    expect(event.data['user_id']).toBe('usr-5678');
    expect(event.event_id).toMatch(/^cli-[0-9a-f]{8}$/);
    expect(event.metadata).toEqual({
      source_service: 'signalbox-cli',
      correlation_id: event.event_id.replace('cli-', 'corr-'),
    });
    expect(Math.abs(Date.now() - rfc3339Ms(event.timestamp))).toBeLessThan(60_000);
  });

  it('gives each service_down an alert id of its own', () => {
    const [one, other] = webhookBodies(findContract('service_down'), { count: 2, assignments: [] }).map(
      parse,
    );
    expect(one?.['alert_id']).toMatch(/^ALERT-[0-9a-f]{8}$/);
    expect(one?.['alert_id']).not.toBe(other?.['alert_id']);
    expect(one?.['service_name']).toBe('PaymentGatewayService');
  });

  it('sets fields, with number and id of each event', () => {
    const assignments = set('service_name=svc-{n}', 'severity=high', 'tags=["{id}",1]');
    const bodies = webhookBodies(findContract('service_down'), { count: 2, assignments }).map(parse);
    expect(bodies.map((body) => body['service_name'])).toEqual(['svc-1', 'svc-2']);
    expect(bodies[0]?.['tags']).toEqual([expect.stringMatching(/^[0-9a-f]{8}$/), 1]);
    const [envelope] = webhookBodies(findContract('lead.qualified'), {
      count: 1,
      assignments: set('data.score=3'),
    });
    expect(parse(envelope)).toMatchObject({ data: { score: 3, lead_id: 'lead-4471' } });
  });
});

describe('files', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'signalbox-samples-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const file = (content: string): string => {
    const path = join(folder, 'event.json');
    writeFileSync(path, content);
    return path;
  };

  it('are sent byte for byte, even when they are no JSON', () => {
    const content = '{ "alert_id" :\n "x" ]';
    const [body] = webhookBodies(findContract('service_down'), {
      file: file(content),
      count: 1,
      assignments: [],
    });
    expect(body?.toString()).toBe(content);
  });

  it('are changed only as told when fields are set or several are sent', () => {
    const content = JSON.stringify({ alert_id: 'A', event_type: 'service_down', custom: { kept: true } });
    const options = { file: file(content), count: 2, assignments: set('environment=staging') };
    const [one, other] = webhookBodies(findContract('service_down'), options).map(parse);
    expect(one).toMatchObject({ custom: { kept: true }, environment: 'staging' });
    expect(one?.['alert_id']).not.toBe(other?.['alert_id']);
  });

  it('may hold data or an envelope for publish', () => {
    const data = { lead_id: 'lead-1', name: 'A' };
    const contract = findContract('lead.qualified');
    const whole = { event_id: 'e', event_type: 'lead.qualified', timestamp: 't', data, metadata: {} };
    for (const content of [data, whole]) {
      const options = { file: file(JSON.stringify(content)), count: 1, assignments: [] };
      expect(publishData(contract, options)[0]?.data).toEqual(data);
    }
  });

  it('that cannot be read or are no JSON are named', () => {
    const contract = findContract('lead.qualified');
    const missing = { file: join(folder, 'missing.json'), count: 1, assignments: [] };
    expect(() => publishData(contract, missing)).toThrow(/missing\.json cannot be read \(ENOENT\)/);
    expect(() => publishData(contract, { ...missing, file: file('no') })).toThrow('The body is not JSON.');
  });
});

describe('what publish writes', () => {
  it.each([...catalogue.values()].map((c) => [c.type, c] as const))(
    '%s fulfils its contract',
    (_type, contract) => {
      const [made] = publishData(contract, { count: 1, assignments: [] });
      expect(() => checkData(contract, made?.data)).not.toThrow();
    },
  );
});

describe('times of samples', () => {
  const nowMs = Date.UTC(2026, 10, 22, 1, 30);

  it('move to today by whole days, so that spans and times of day stay', () => {
    const delay = findContract('shipping_delay').example as Data;
    const moved = shiftTimes(delay, nowMs) as Data;
    expect(moved['timestamp']).toBe('2026-11-22T11:15:00Z');
    expect(moved['original_eta']).toBe('2026-11-25T17:00:00Z');
    expect(moved['new_eta']).toBe('2026-11-27T17:00:00Z');
    expect(moved['reason']).toBe(delay['reason']);
  });

  it('move inside lists and objects too, and nothing else does', () => {
    const value = { log: [{ at: '2026-04-05T12:01:00.5+02:00', n: 1 }], none: null, date: '2026-04-05' };
    expect(shiftTimes(value, nowMs)).toEqual({
      log: [{ at: '2026-11-22T10:01:00.500Z', n: 1 }],
      none: null,
      date: '2026-04-05',
    });
  });
});

describe('--set', () => {
  it.each([
    ['a=1', { path: ['a'], value: 1 }],
    ['a.b.0=x=y', { path: ['a', 'b', '0'], value: 'x=y' }],
    ['a="1"', { path: ['a'], value: '1' }],
    ['a=', { path: ['a'], value: '' }],
    ['a=[1,{"b":null}]', { path: ['a'], value: [1, { b: null }] }],
    ['a=2026-04-05T12:01:00Z', { path: ['a'], value: '2026-04-05T12:01:00Z' }],
  ])('%s', (text, expected) => {
    expect(parseAssignment(text)).toEqual(expected);
  });

  it.each(['a', '=1', '.a=1', 'a.=1', 'a..b=1', '', `${'a.'.repeat(40)}b=1`])('refuses %j', (text) => {
    expect(() => parseAssignment(text)).toThrow(
      expect.objectContaining({ code: 'request_malformed' }) as Error,
    );
  });

  it('makes what is missing and leaves the original alone', () => {
    const original = { a: { b: 1 }, list: [1, 2] };
    expect(setPath(original, { path: ['a', 'c', 'd'], value: 2 })).toEqual({
      a: { b: 1, c: { d: 2 } },
      list: [1, 2],
    });
    expect(setPath(original, { path: ['list', '2'], value: 3 })).toEqual({ a: { b: 1 }, list: [1, 2, 3] });
    expect(original).toEqual({ a: { b: 1 }, list: [1, 2] });
  });

  it('keeps odd names as fields', () => {
    const result = setPath({}, { path: ['__proto__', 'admin'], value: true }) as Data;
    expect(JSON.stringify(result)).toBe('{"__proto__":{"admin":true}}');
    expect((result as { admin?: boolean }).admin).toBeUndefined();
  });

  it.each([
    [{ list: [1] }, ['list', '2']],
    [{ list: [1] }, ['list', 'x']],
    [{ text: 'abc' }, ['text', '0']],
  ])('refuses a place that is none: %j %j', (target, path) => {
    expect(() => setPath(target, { path, value: 1 })).toThrow('--set');
  });

  it('fills in texts only', () => {
    expect(fillIn(['{n}', 7, { a: '{n}' }], { n: 3, id: 'x' })).toEqual(['3', 7, { a: '{n}' }]);
    expect(fillIn('{n}-{id}-{n}', { n: 3, id: 'x' })).toBe('3-x-3');
  });
});

describe('findContract', () => {
  it('knows every type of the catalogue', () => {
    for (const [type, contract] of catalogue) expect(findContract(type)).toBe<AnyContract>(contract);
  });

  it.each([
    ['signed_up', 'Did you mean user.signed_up?'],
    ['ServiceDown', 'Did you mean service_down?'],
    ['xyz', 'Known are: negative_sentiment_detected'],
    ['', 'Known are: '],
  ])('%j: %s', (type, action) => {
    expect(() => findContract(type)).toThrow(
      expect.objectContaining({
        code: 'event_type_unknown',
        action: expect.stringContaining(action) as string,
      }) as Error,
    );
  });
});
