import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { listTopics } from '@signalbox/agent-kit-kafka';
import { testStack } from '@signalbox/local-stack';
import { createScheme, providers } from '@signalbox/webhooks';
import { runCli } from '../../test/run-cli.js';

interface Got {
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

const dir = mkdtempSync(join(tmpdir(), 'cli-sources-'));
const sourcesDir = join(dir, 'records');
const secretsDir = join(dir, 'secrets');
const namespace = `cli-${randomBytes(4).toString('hex')}`;
const got: Got[] = [];
let server: Server;
let url: string;
let env: Record<string, string>;
let brokers: readonly string[];

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => {
        got.push({ url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) });
        response
          .writeHead(202, { 'content-type': 'application/json' })
          .end('{"status":"accepted","event_id":"e","correlation_id":"e"}');
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  brokers = (await testStack()).kafkaBrokers;
  env = {
    SIGNALBOX_DATA_DIR: dir,
    SOURCES_DIR: sourcesDir,
    SOURCE_SECRETS_DIR: secretsDir,
    KAFKA_BROKERS: brokers.join(','),
    KAFKA_NAMESPACE: namespace,
  };
}, 900_000);

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(dir, { recursive: true });
});

const cli = (...args: string[]) => runCli(['sources', ...args], env);
const record = (name: string): string => readFileSync(join(sourcesDir, `${name}.yaml`), 'utf8');

describe('signalbox sources', () => {
  it('add: writes record and secret, makes the topic, and says what to enter where', async () => {
    const added = await cli('add', 'github', '--url', 'https://hooks.example.com');
    expect(added).toMatchObject({ code: 0, stderr: '' });
    const secret = readFileSync(join(secretsDir, 'github'), 'utf8').trim();
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(statSync(join(secretsDir, 'github')).mode & 0o777).toBe(0o600);
    expect(added.stdout).toContain('address        https://hooks.example.com/webhooks/github');
    expect(added.stdout).toContain(`secret         ${secret}`);
    expect(record('github')).toContain('provider: github');
    expect(record('github')).not.toContain(secret);
    const topics = await listTopics({ brokers, clientId: 'cli-test', namespace });
    expect(topics).toEqual(expect.arrayContaining(['webhook.github', 'webhook.raw', 'webhook.quarantined']));
  });

  it('test: signs a sample as the provider does, each time with an id of its own', async () => {
    for (const sample of [[], ['--sample', 'ping']]) {
      expect(await cli('test', 'github', '--url', url, ...sample)).toMatchObject({ code: 0 });
    }
    const scheme = createScheme(providers.get('github')!.scheme);
    const value = readFileSync(join(secretsDir, 'github'), 'utf8').trim();
    for (const { headers, body } of got) {
      expect(
        scheme.verify({ rawBody: body, headers, secrets: [{ keyId: 'k', value }], nowMs: Date.now() }),
      ).toMatchObject({ ok: true });
    }
    expect(got.map(({ url: path }) => path)).toEqual(['/webhooks/github', '/webhooks/github']);
    expect(got.map(({ headers }) => headers['x-github-event'])).toEqual(['issues', 'ping']);
    expect(new Set(got.map(({ headers }) => headers['x-github-delivery'])).size).toBe(2);
  });

  it('add: takes a mapping, another name, networks, and event types of a system of one’s own', async () => {
    const more = ['--as', 'alerts', '--network', '10.0.0.0/8', '--network', '2a0a:a440::/29', '--quarantine'];
    expect(await cli('add', 'alertmanager', ...more)).toMatchObject({ code: 0 });
    expect(record('alerts')).toMatch(/mapping: alertmanager-alerts\nquarantine: true\n$/);
    expect(await cli('add', 'house', '--as', 'warehouse', '--event-types', 'shipping_delay')).toMatchObject({
      code: 0,
    });
    const listed = await cli('list');
    expect(listed.stdout).toMatch(
      /alerts +\/webhooks\/alerts +as alertmanager +service_down, service_recovered +webhook\.quarantined/,
    );
    expect(listed.stdout).toMatch(/warehouse +\/webhooks\/warehouse +house +shipping_delay +refused/);
  });

  it('rotate: signs with a new secret from now on, while the old one still counts', async () => {
    const old = readFileSync(join(secretsDir, 'github'), 'utf8').trim();
    const rotated = await cli('rotate', 'github', '--overlap', '3', '--url', 'https://hooks.example.com');
    expect(rotated).toMatchObject({ code: 0, stderr: '' });
    const [, keyId = ''] = /further secret (github-[0-9-]+)/.exec(rotated.stdout) ?? [];
    const made = readFileSync(join(secretsDir, keyId), 'utf8').trim();
    expect(made).not.toBe(old);
    expect(rotated.stdout).toContain(`secret         ${made}`);
    expect(record('github')).toMatch(/file: github, keyId: github-[0-9-]+, until: /);
    expect(record('github')).not.toContain(made);
    expect(await cli('test', 'github', '--url', url)).toMatchObject({ code: 0 });
    const { headers, body } = got.at(-1)!;
    const secrets = [
      { keyId: 'old', value: old },
      { keyId: 'new', value: made },
    ];
    const scheme = createScheme(providers.get('github')!.scheme);
    expect(scheme.verify({ rawBody: body, headers, secrets, nowMs: Date.now() })).toMatchObject({
      ok: true,
      keyId: 'new',
    });
  });

  it('fails with what to do', async () => {
    const done = await cli('test', 'github', '--sample', 'nothing');
    expect(done.code).toBe(1);
    expect(done.stderr).toContain('There are issues, ping');
  });

  it('list and show: say what is wrong with a record', async () => {
    writeFileSync(join(sourcesDir, 'odd.yaml'), 'name: odd\npaht: /x\n');
    expect((await cli('list')).stdout).toMatch(
      /odd\.yaml +bad record +odd\.yaml:2: paht is not a field of a source/,
    );
    expect((await cli('show', 'odd')).stdout).toContain('paht is not a field');
    expect((await cli('providers')).stdout).toMatch(/github +GitHub +proven by documentation +https:/);
  });
});
