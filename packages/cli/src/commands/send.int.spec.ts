import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HttpReceiver } from '@signalbox/test-kit';
import { xWebhookSignature } from '@signalbox/webhooks';
import { jsonLines, runHere } from '../../test/run-cli.js';

const secret = 'a-secret-of-this-test';
const accepted = {
  status: 202,
  body: '{"status":"accepted","event_id":"ops-alert:1","correlation_id":"corr-1"}',
};
let gateway: HttpReceiver;

beforeAll(async () => {
  gateway = await HttpReceiver.start(() => accepted);
});
afterEach(() => gateway.reset());
afterAll(() => gateway.close());

const send = (...args: string[]): ReturnType<typeof runHere> =>
  runHere(['send', ...args, '--url', gateway.origin, '--secret', secret]);

describe('signalbox send', () => {
  it.each([
    ['service_down', '/agent/ops-alert-webhook'],
    ['service_recovered', '/agent/ops-alert-webhook'],
    ['shipping_delay', '/agent/logistics-anomaly-webhook'],
    ['negative_sentiment_detected', '/agent/social-sentiment-webhook'],
    ['user.signed_up', '/events'],
    ['lead.qualified', '/events'],
  ])('posts %s to %s, signed over the exact bytes', async (event, path) => {
    const { code } = await send(event);
    expect(code).toBe(0);
    const [request] = gateway.requests.all;
    expect(request).toMatchObject({ method: 'POST', path });
    expect(request?.headers['content-type']).toBe('application/json');
    const secrets = [{ keyId: 'default', value: secret }];
    const verdict = xWebhookSignature.verify({
      rawBody: request?.body ?? Buffer.alloc(0),
      headers: request?.headers ?? {},
      secrets,
      nowMs: Date.now(),
    });
    expect(verdict).toMatchObject({ ok: true });
  });

  it('prints what the gateway answered and how to go on', async () => {
    const { stdout, stderr } = await send('service_down');
    expect(stdout).toMatch(/^202 {2}service_down {2}ops-alert:1 {2}story corr-1 {2}[\d.]+ ms\n$/);
    expect(stderr).toContain('npx signalbox story corr-1');
  });

  it('sends new events for --count and the same bytes for --duplicate', async () => {
    const result = await send('service_down', '--count', '3', '--duplicate', '2', '--json');
    const lines = jsonLines<{ n: number; duplicate: number; status: number }>(result);
    expect(lines.map(({ n, duplicate }) => [n, duplicate])).toEqual(
      [1, 2, 3].flatMap((n) => [
        [n, 1],
        [n, 2],
      ]),
    );
    expect(lines.every(({ status }) => status === 202)).toBe(true);
    const bodies = gateway.requests.all.map(({ body }) => body.toString());
    expect(bodies).toHaveLength(6);
    expect(new Set(bodies).size).toBe(3);
    expect(bodies[0]).toBe(bodies[1]);
  });

  it('sets fields', async () => {
    await send('service_down', '--set', 'severity=high', '--set', 'service_name=svc-{n}');
    const [request] = gateway.requests.all;
    expect(JSON.parse(request?.body.toString() ?? '')).toMatchObject({
      severity: 'high',
      service_name: 'svc-1',
    });
  });

  it('sends a file byte for byte', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'signalbox-send-'));
    try {
      const path = join(folder, 'broken.json');
      writeFileSync(path, '{ "not": json');
      await send('service_down', '--file', path);
      expect(gateway.requests.all[0]?.body.toString()).toBe('{ "not": json');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('shows a refusal with its bad fields and ends with 1', async () => {
    const pointers = [{ pointer: '/severity', message: 'must be one of critical, high' }];
    const problem = {
      status: 422,
      code: 'event_invalid',
      detail: 'service_down does not fulfil its contract.',
      pointers,
    };
    gateway.answerNext({ status: 422, body: JSON.stringify(problem) }, 2);
    const { code, stdout } = await send('service_down');
    expect(code).toBe(1);
    expect(stdout).toContain(
      '422  service_down  refused: event_invalid: service_down does not fulfil its contract.',
    );
    expect(stdout).toContain('\n       /severity must be one of critical, high');
    expect(jsonLines(await send('service_down', '--json'))).toEqual([
      expect.objectContaining({ status: 422, pointers }),
    ]);
  });

  it('takes an answer that is no JSON', async () => {
    gateway.answerNext({ status: 502, body: '<html>Bad gateway\u001b[2J</html>' });
    const { code, stdout } = await send('service_down');
    expect(code).toBe(1);
    expect(stdout).toContain('502  service_down  refused: <html>Bad gateway');
    expect(stdout).not.toContain('\u001b');
  });

  it('says when nobody answers', async () => {
    const url = ['--url', 'http://127.0.0.1:1', '--secret', secret];
    const { code, stderr } = await runHere(['send', 'service_down', ...url]);
    expect(code).toBe(1);
    expect(stderr).toContain(
      'error outbound_failed: Nobody answers at http://127.0.0.1:1/agent/ops-alert-webhook',
    );
    expect(stderr).toContain('what to do: Start the stack');
  });

  it('refuses an unknown event type before anything is sent', async () => {
    const { code, stderr } = await send('service_dwn');
    expect(code).toBe(1);
    expect(stderr).toContain('event_type_unknown');
    expect(gateway.requests.all).toEqual([]);
  });

  it.each([
    ['--count', '0'],
    ['--count', 'many'],
    ['--duplicate', '-1'],
  ])('%s %s is wrong usage', async (...args) => {
    expect((await send('service_down', ...args)).code).toBe(2);
  });
});
