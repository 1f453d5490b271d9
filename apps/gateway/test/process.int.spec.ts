import { connect, type Socket } from 'node:net';
import type { KafkaConnectionOptions } from '@signalbox/agent-kit-kafka';
import { sign } from '@signalbox/webhooks';
import { GatewayProcess } from './support/gateway-process.js';
import { head } from './support/raw-client.js';
import { sample, testSecret } from './support/sources.js';
import { eventually, patient, post, testKafka } from './support/test-gateway.js';
import { TopicWatch } from './support/topic-watch.js';

/** Of the 10 s a stop may take on a quiet machine; without the stop nothing here would end at all. */
const stopMsMax = 40_000;

let kafka: KafkaConnectionOptions;
const running: GatewayProcess[] = [];

beforeAll(async () => {
  kafka = await testKafka();
}, 900_000);

afterEach(async () => {
  for (const gateway of running.splice(0)) {
    gateway.signal('SIGKILL');
    await gateway.exited;
  }
});

const start = (env: Record<string, string>): GatewayProcess => {
  const gateway = new GatewayProcess(env);
  running.push(gateway);
  return gateway;
};

async function listening(): Promise<{ gateway: GatewayProcess; url: string }> {
  const gateway = start({
    KAFKA_BROKERS: kafka.brokers.join(','),
    WEBHOOK_SECRET: testSecret,
    ...patient,
    // No sender is cut off for its slowness: what ends a connection here is the stop.
    GATEWAY_HEADERS_MS_MAX: '60000',
    GATEWAY_REQUEST_MS_MAX: '300000',
  });
  const line = await eventually(() => Promise.resolve(gateway.line('gateway listens')));
  return { gateway, url: String(line['url']) };
}

const bodyOf = (alertId: string): string =>
  JSON.stringify({ ...sample('service_down.json'), alert_id: alertId });

/** Sends the head and the first byte of a good webhook; the rest is the caller's. */
async function half(url: string, body: string): Promise<{ socket: Socket; answer: Promise<string> }> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  let text = '';
  socket.on('data', (chunk) => (text += chunk.toString('utf8')));
  const answer = new Promise<string>((resolve) => socket.once('close', () => resolve(text)));
  const { 'x-webhook-signature': signature } = sign({ rawBody: body, secret: testSecret });
  socket.write(
    head(
      '/agent/ops-alert-webhook',
      'content-type: application/json',
      `x-webhook-signature: ${signature}`,
      `content-length: ${Buffer.byteLength(body)}`,
    ) + body.slice(0, 1),
  );
  await eventually(async () =>
    /body_bytes_in_flight\{[^}]*\} 1\n/.test(await (await fetch(`${url}/metrics`)).text()),
  );
  return { socket, answer };
}

describe('the process', () => {
  it.each([
    ['no secret', { KAFKA_BROKERS: '127.0.0.1:19092' }, 'WEBHOOK_SECRET_OPS_ALERT'],
    ['no brokers', { WEBHOOK_SECRET: 'x' }, 'KAFKA_BROKERS'],
  ])('refuses to start with %s, and says what to do', async (_, env, words) => {
    const gateway = start(env);
    expect(await gateway.exited).toBe(1);
    expect(gateway.lines).toHaveLength(1);
    expect(gateway.lines[0]).toMatchObject({ level: 'error', app: 'gateway', code: 'config_invalid' });
    expect(gateway.lines[0]?.['msg']).toContain(words);
  });

  it('refuses to start on a port in use', async () => {
    const { url } = await listening();
    const second = start({
      KAFKA_BROKERS: kafka.brokers.join(','),
      WEBHOOK_SECRET: testSecret,
      PORT: new URL(url).port,
    });
    expect(await second.exited).toBe(1);
    expect(second.lines.at(-1)?.['msg']).toContain('the port is in use');
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    '%s: finishes what is in flight, takes nothing new, exits with 0',
    async (name) => {
      const { gateway, url } = await listening();
      const watch = await TopicWatch.of(kafka, ['service_down']);
      const alertId = `stop-${name}-${Date.now()}`;
      expect((await post(`${url}/agent/ops-alert-webhook`, bodyOf(`${alertId}-before`))).status).toBe(202);
      const { socket, answer } = await half(url, bodyOf(alertId));
      const begunMs = performance.now();
      gateway.signal(name);
      await eventually(() => Promise.resolve(gateway.line('gateway stops')));
      await expect(fetch(`${url}/health/live`)).rejects.toThrow();
      socket.write(bodyOf(alertId).slice(1));
      expect(await answer).toMatch(/^HTTP\/1\.1 202 [^]*connection: close/i);
      expect(await gateway.exited).toBe(0);
      expect(performance.now() - begunMs).toBeLessThan(stopMsMax);
      const events = await watch.seen('service_down', ({ envelope }) =>
        String((envelope.data as { alert_id: string }).alert_id).startsWith(alertId),
      );
      expect(events).toHaveLength(2);
      await watch.close();
    },
  );

  it('does not wait for a sender that never ends', async () => {
    const { gateway, url } = await listening();
    const { socket } = await half(url, bodyOf('never'));
    const begunMs = performance.now();
    gateway.signal('SIGTERM');
    expect(await gateway.exited).toBe(0);
    expect(performance.now() - begunMs).toBeLessThan(stopMsMax);
    socket.destroy();
  });
});
