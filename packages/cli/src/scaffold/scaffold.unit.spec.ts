import type { AppDefinition } from '@signalbox/local-stack';
import { planAgent } from './agent-plan.js';
import { findEventType } from './find-event-type.js';
import { withApp, withService, withWorkspace } from './register-app.js';
import { contractPath, withPublisher, withReader } from './register-reader.js';
import { renderAgent } from './render-agent.js';

const app = (name: string, port: number, agent?: string): AppDefinition => ({
  name,
  summary: name,
  workspace: `apps/${name}`,
  ...(agent === undefined ? {} : { agent }),
  port,
  healthPath: '/health/ready',
  needs: [],
  environment: {},
});
const apps = [app('gateway', 3_000), app('agent-ops', 3_101, 'ops'), app('notifier', 3_201, 'notifier')];
const plan = (name: string, ...types: string[]) => planAgent(name, types, 'latest', apps);

describe('planAgent', () => {
  it('chooses names and the next free port', () => {
    expect(plan('lead-scoring', 'lead.qualified')).toMatchObject({
      app: 'agent-lead-scoring',
      camel: 'leadScoring',
      pascal: 'LeadScoring',
      port: 3_102,
      events: [{ constant: 'leadQualified' }],
    });
  });

  it.each([
    '',
    'Ops',
    'a--b',
    '-a',
    'a-',
    'a_b',
    'a.b',
    'x'.repeat(41),
    '../x',
    'agent-ops',
    'public',
    'pg-x',
  ])('refuses the name %j', (name) =>
    expect(() => plan(name, 'lead.qualified')).toThrow(
      expect.objectContaining({ code: 'request_malformed' }) as Error,
    ),
  );

  it.each(['ops', 'gateway', 'notifier'])('refuses %s, which there is', (name) =>
    expect(() => plan(name, 'lead.qualified')).toThrow('already'),
  );

  it('listens to an event once, however often it is named', () => {
    expect(plan('x', 'lead.qualified', 'lead.qualified').events).toHaveLength(1);
  });

  it('runs out of ports with a message', () => {
    const full = Array.from({ length: 99 }, (_, n) => app(`app-${n}`, 3_101 + n));
    expect(() => planAgent('x', ['lead.qualified'], 'latest', full)).toThrow('No port from 3101 to 3199');
  });
});

describe('findEventType', () => {
  it.each([
    ['user.singed_up', 'Did you mean user.signed_up?'],
    ['servicedown', 'Did you mean service_down?'],
    ['qualified', 'Did you mean lead.qualified?'],
    ['xyzzyxyzzyxyzzy', 'docs/reference/events.md lists every event type.'],
  ])('suggests for %s', (type, action) =>
    expect(() => findEventType(type)).toThrow(expect.objectContaining({ action }) as Error),
  );
});

describe('what is written', () => {
  it('leaves no place of a template open', () => {
    const versions = { '@nestjs/common': '1', 'reflect-metadata': '2', rxjs: '3', zod: '4' };
    const files = renderAgent(plan('lead-scoring', 'lead.qualified', 'user.signed_up'), versions);
    expect(files.length).toBeGreaterThanOrEqual(10);
    for (const { path, text } of files) {
      expect(path).not.toContain('__');
      expect(text).not.toMatch(/\{\{/);
    }
  });

  it('puts the app behind the last agent, in the list and in the compose file', () => {
    const list = JSON.parse(withApp(JSON.stringify({ $comment: '', apps }), plan('x', 'lead.qualified'))) as {
      apps: AppDefinition[];
    };
    expect(list.apps.map(({ name }) => name)).toEqual(['gateway', 'agent-ops', 'agent-x', 'notifier']);
    const compose =
      'name: s\n\nservices:\n  gateway:\n    a: 1\n\n  agent-ops:\n    a: 1\n\n  notifier:\n    a: 1\n';
    const services = [...withService(compose, plan('x', 'lead.qualified')).matchAll(/^ {2}([a-z-]+):$/gm)];
    expect(services.map(([, name]) => name)).toEqual(['gateway', 'agent-ops', 'agent-x', 'notifier']);
    expect(() => withService('services:\n', plan('x', 'lead.qualified'))).toThrow(
      'docker-compose.yml has no service',
    );
  });

  it.each([
    ["  owner: 'a',\n  summary: 'x',\n", "  owner: 'a',\n  consumers: ['x'],\n  summary: 'x',\n"],
    ["  consumers: ['ops', 'y'],\n", "  consumers: ['ops', 'x', 'y'],\n"],
    ["  consumers: ['x'],\n", "  consumers: ['x'],\n"],
  ])('names the agent where the contract %j names its readers', (before, after) => {
    expect(withReader(before, 'x')).toBe(after);
  });

  it.each([
    ["  publishers: ['ops'],\n  consumers: ['y'],\n", "  publishers: ['ops', 'x'],\n  consumers: ['y'],\n"],
    [
      "  consumers: ['y'],\n  summary: 'z',\n",
      "  publishers: ['x'],\n  consumers: ['y'],\n  summary: 'z',\n",
    ],
    ["  summary: 'z',\n", "  publishers: ['x'],\n  summary: 'z',\n"],
  ])('names the agent where the contract %j names who publishes it', (before, after) => {
    expect(withPublisher(before, 'x')).toBe(after);
  });

  it('does not guess where a contract it cannot read names its readers', () => {
    expect(() => withReader('export {};', 'x')).toThrow('A contract without a summary');
    expect(contractPath('ticket_comment.requested')).toBe(
      'packages/contracts/src/events/ticket-comment-requested.ts',
    );
  });

  it('enters the workspace into the lock file in the place npm gives it', () => {
    const lock = { packages: { '': {}, 'apps/agent-ops': {}, 'apps/gateway': {}, 'node_modules/a': {} } };
    const written = JSON.parse(
      withWorkspace(JSON.stringify(lock), 'agent-x', { name: '@signalbox/agent-x', version: '0.1.0' }),
    ) as typeof lock;
    expect(Object.keys(written.packages)).toEqual([
      '',
      'apps/agent-ops',
      'apps/agent-x',
      'apps/gateway',
      'node_modules/@signalbox/agent-x',
      'node_modules/a',
    ]);
  });
});
