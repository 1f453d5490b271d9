import { serviceDown, serviceRecovered } from '@signalbox/contracts';
import { loadSettings } from '@signalbox/config';
import { silentLogger } from '@signalbox/observability';
import { HttpReceiver } from '@signalbox/test-kit';
import { sourceProgram } from '../test/program.js';
import { sampleSettings } from './settings.js';
import { startSample, type RunningSample } from './start-sample.js';

let gateway: HttpReceiver;
let sample: RunningSample;
beforeEach(async () => {
  gateway = await HttpReceiver.start(() => ({ status: 202 }));
  const settings = loadSettings(sampleSettings, {
    PORT: '0',
    GATEWAY_URL: gateway.origin,
    WEBHOOK_SECRET: 's3cret',
    CHECK_INTERVAL_MS: '50',
  });
  sample = await startSample(settings, silentLogger, sourceProgram);
});
afterEach(async () => {
  await sample.stop();
  await gateway.close();
});

interface Status {
  readonly process: { readonly state: string; readonly pid: number | null; readonly starts: number };
  readonly monitor: { readonly kind: string };
}
const get = (path: string): Promise<Response> => fetch(`${sample.url}${path}`);
const post = (path: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${sample.url}${path}`, { method: 'POST', body: JSON.stringify(body), headers });
const status = async (): Promise<Status> => (await (await get('/status')).json()) as Status;
const payload = (at: number): unknown => JSON.parse(gateway.requests.all[at]?.body.toString() ?? 'null');
const order = { reference: 'order-1', amount_minor: 1_999, currency: 'EUR' };

it('takes payments while all is well', async () => {
  const answer = await post('/payments', order);
  expect(answer.status).toBe(201);
  expect(await answer.json()).toMatchObject({ ...order, status: 'captured' });
  expect((await get('/health')).status).toBe(200);
  expect((await get('/health/live')).status).toBe(200);
  expect((await get('/health/ready')).status).toBe(200);
  expect(await (await get('/metrics')).text()).toContain('process_cpu');
  expect(gateway.requests.all).toEqual([]);
});

it.each([['kill'], ['hang']])(
  'is really down after %s, tells so, and recovers after a restart',
  async (mode) => {
    const before = await status();
    expect((await post('/control/break', { mode })).status).toBe(200);
    await gateway.requests.waitFor(1);
    expect((serviceDown.flat ?? serviceDown.schema).parse(payload(0))).toMatchObject({
      service_name: 'PaymentGatewayService',
      environment: 'production',
      incident_link: `${sample.url}/status`,
    });
    expect((await post('/payments', order)).status).toBe(503);
    expect((await status()).monitor.kind).toBe('down');

    const restarted = await post('/control/restart');
    expect(restarted.status).toBe(200);
    expect(await restarted.json()).toMatchObject({ outcome: 'Process restarted and answering.' });
    await gateway.requests.waitFor(2);
    const { alert_id: alertId } = payload(0) as { alert_id: string };
    expect((serviceRecovered.flat ?? serviceRecovered.schema).parse(payload(1))).toMatchObject({
      alert_id: alertId,
    });
    expect((await post('/payments', order)).status).toBe(201);
    const after = await status();
    expect(after.process).toMatchObject({ state: 'running', starts: 2 });
    expect(after.process.pid).not.toBe(before.process.pid);
  },
);

it('restarts once for calls that come together', async () => {
  const answers = await Promise.all([post('/control/restart'), post('/control/restart')]);
  expect(answers.map((answer) => answer.status)).toEqual([200, 200]);
  expect((await status()).process.starts).toBe(2);
});

it('refuses what it does not know, and web pages', async () => {
  expect((await post('/control/break', { mode: 'melt' })).status).toBe(422);
  expect((await post('/control/explode')).status).toBe(404);
  expect((await post('/control/break', {}, { origin: 'https://evil.example' })).status).toBe(403);
  expect((await post('/payments', { reference: 'x'.repeat(70_000) })).status).toBe(413);
  expect((await status()).process).toMatchObject({ state: 'running', starts: 1 });
});

it('leaves no process behind when it stops, also a hanging one', async () => {
  const { pid } = (await status()).process;
  await post('/control/break', { mode: 'hang' });
  await sample.stop();
  expect(() => process.kill(pid ?? 0, 0)).toThrow('ESRCH');
});
