import { catalogue, contractJsonSchema, type AnyContract } from '@signalbox/contracts';
import type { RunningGateway } from '../src/start-gateway.js';
import { startTestGateway, testKafka } from './support/test-gateway.js';

let gateway: RunningGateway;

beforeAll(async () => {
  gateway = await startTestGateway(await testKafka());
}, 900_000);

afterAll(() => gateway.stop());

const get = async (path: string, method = 'GET'): Promise<{ status: number; type: string; text: string }> => {
  const response = await fetch(`${gateway.url}${path}`, { method });
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    text: await response.text(),
  };
};

describe('the gateway shows', () => {
  it('every event type on a page that may run nothing but its own script', async () => {
    const response = await fetch(`${gateway.url}/events.html`);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    const text = await response.text();
    for (const type of catalogue.keys()) expect(text).toContain(`<article id="${type}"`);
  });

  it.each([
    ['/openapi.json', 'openapi', '3.1.1'],
    ['/asyncapi.json', 'asyncapi', '3.0.0'],
  ])('%s', async (path, member, version) => {
    const { status, type, text } = await get(path);
    expect([status, type]).toEqual([200, expect.stringContaining('application/json')]);
    expect(JSON.parse(text)).toMatchObject({ [member]: version });
    expect(await get(path, 'POST')).toMatchObject({ status: 405 });
  });

  it('the schema of an event type, in both forms', async () => {
    const contract = catalogue.get('service_down') as AnyContract;
    const { type, text } = await get('/schemas/service_down.json');
    expect(type).toBe('application/schema+json; charset=utf-8');
    expect(JSON.parse(text)).toEqual(contractJsonSchema(contract));
    expect(JSON.parse((await get('/schemas/service_down.flat.json')).text)).toEqual(
      contractJsonSchema(contract, 'flat'),
    );
  });

  it.each(['nothing.json', 'user.signed_up.flat.json', 'service_down', '..%2f..%2fetc%2fpasswd'])(
    'nothing at /schemas/%s',
    async (file) => {
      const { status, type, text } = await get(`/schemas/${file}`);
      expect([status, type]).toEqual([404, 'application/problem+json']);
      expect(JSON.parse(text)).toMatchObject({ code: 'not_found' });
    },
  );
});
