import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import type { KafkaConnectionOptions } from '@signalbox/agent-kit-kafka';
import { GatewayProcess } from './support/gateway-process.js';
import { head } from './support/raw-client.js';
import { sample, testSecret } from './support/sources.js';
import { eventually, patient, post, testKafka } from './support/test-gateway.js';

const path = '/agent/ops-alert-webhook';
/** Far more than the process may grow by, far less than the abuse could fill. */
const growthMbMax = 150;
const goodWebhooks = 60;
const headersMsMax = 6_000;

let kafka: KafkaConnectionOptions;
let gateway: GatewayProcess;
let url: string;

beforeAll(async () => {
  kafka = await testKafka();
  gateway = new GatewayProcess({
    KAFKA_BROKERS: kafka.brokers.join(','),
    WEBHOOK_SECRET: testSecret,
    ...patient,
    // The good sender and the bad ones have the same address here.
    GATEWAY_ADDRESS_REFUSALS_PER_SECOND: '1000',
    GATEWAY_ADDRESS_CONNECTIONS_MAX: '400',
    // Longer than a busy machine keeps this process waiting: a good request that lies unread must not run out of time.
    GATEWAY_HEADERS_MS_MAX: String(headersMsMax),
    GATEWAY_REQUEST_MS_MAX: String(headersMsMax + 2_000),
  });
  url = String((await eventually(() => Promise.resolve(gateway.line('gateway listens'))))['url']);
  await eventually(async () => (await send()) === 202, 60_000);
}, 900_000);

afterAll(async () => {
  gateway?.signal('SIGKILL');
  await gateway?.exited;
});

const send = async (): Promise<number> => {
  const body = JSON.stringify({ ...sample('service_down.json'), n: randomBytes(8).toString('hex') });
  return (await post(`${url}${path}`, body)).status;
};

const rssMb = (): number =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${gateway.pid}/status`, 'utf8'))?.[1]) / 1_024;

/** Connections that abuse the gateway until they are told to end; one that was cut off comes again. */
class Abuse {
  private ended = false;
  /** Connections the gateway closed. */
  cutOff = 0;
  private readonly sockets = new Set<Socket>();

  constructor(count: number, abuse: (socket: Socket) => void) {
    for (let n = 0; n < count; n += 1) this.open(abuse);
  }

  end(): void {
    this.ended = true;
    for (const socket of this.sockets) socket.destroy();
  }

  private open(abuse: (socket: Socket) => void): void {
    if (this.ended) return;
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => abuse(socket));
    this.sockets.add(socket);
    socket.on('error', () => undefined).on('data', () => undefined);
    socket.on('close', () => {
      this.sockets.delete(socket);
      if (!this.ended) this.cutOff += 1;
      setTimeout(() => this.open(abuse), 50).unref();
    });
  }
}

const forgery = `x-webhook-signature: sha256=${'0'.repeat(64)}`;

it('takes good webhooks and stays small beside slow, stuck, noisy and lying senders', async () => {
  const before = rssMb();
  const json = 'content-type: application/json';
  const large = 'x'.repeat(60_000);
  const abuses = [
    new Abuse(150, (socket) => socket.write('POST / HTTP/1.1\r\nx-slow: ')),
    new Abuse(60, (socket) => socket.write(head(path, json, 'content-length: 900000') + large)),
    new Abuse(20, (socket) => socket.write(randomBytes(10_000))),
    new Abuse(10, (socket) =>
      socket.write((head(path, json, forgery, 'content-length: 2') + '{}').repeat(50)),
    ),
    new Abuse(10, (socket) => socket.write(head(path, json, forgery, 'content-length: 60000') + large)),
    // Asks much and never reads an answer.
    new Abuse(10, (socket) => socket.pause().write('GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(50))),
  ];
  const statuses: number[] = [];
  let highest = before;
  const [slow, stuck] = abuses as [Abuse, Abuse];
  for (let n = 0; n < goodWebhooks || slow.cutOff === 0 || stuck.cutOff === 0; n += 1) {
    statuses.push(await send());
    highest = Math.max(highest, rssMb());
  }
  for (const abuse of abuses) abuse.end();
  expect(new Set(statuses)).toEqual(new Set([202]));
  expect(highest - before).toBeLessThan(growthMbMax);
  await eventually(async () => {
    const text = await (await fetch(`${url}/metrics`)).text();
    return /body_bytes_in_flight\{[^}]*\} 0\n/.test(text) && /webhooks_in_flight\{[^}]*\} 0\n/.test(text);
  });
  expect(await send()).toBe(202);
}, 120_000);
