import { SignalboxError } from '@signalbox/errors';
import type { AgentPlan } from './agent-plan.js';
import { describeAgent } from './render-agent.js';

/** infra/apps.json with the new app after the last agent. */
export function withApp(text: string, plan: AgentPlan): string {
  const list = JSON.parse(text) as { apps: { name: string }[] };
  const entry = {
    name: plan.app,
    summary: describeAgent(plan).slice(0, 80),
    workspace: `apps/${plan.app}`,
    agent: plan.name,
    port: plan.port,
    healthPath: '/health/ready',
    needs: ['kafka', 'postgres'],
    environment: {},
  };
  const at = list.apps.findLastIndex(({ name }) => name.startsWith('agent-')) + 1;
  list.apps.splice(at, 0, entry);
  return `${JSON.stringify(list, null, 2)}\n`;
}

/** docker-compose.yml with a service for the new app after the last agent's. */
export function withService(text: string, plan: AgentPlan): string {
  const services = text.indexOf('\nservices:\n');
  const heads = [...text.matchAll(/^ {2}([a-z][a-z0-9-]*):\n/gm)].filter(({ index }) => index > services);
  const last = heads.findLastIndex(([, name = '']) => name.startsWith('agent-'));
  const next = heads[last + 1];
  if (services < 0 || last < 0 || !next) {
    throw new SignalboxError(
      'config_invalid',
      'docker-compose.yml has no service of an agent to add another to.',
    );
  }
  return `${text.slice(0, next.index)}${serviceText(plan)}\n${text.slice(next.index)}`;
}

const serviceText = ({ app, port }: AgentPlan): string => `  ${app}:
    <<: *app
    command: ['node', 'apps/${app}/dist/main.js']
    environment:
      <<: [*app-environment, *kafka-client]
      PORT: ${port}
      DATABASE_URL: postgres://signalbox:\${POSTGRES_PASSWORD:-signalbox}@postgres:5432/signalbox
      CONTROL_TOKEN: \${CONTROL_TOKEN:-}
      INTAKE_SECRET: \${INTAKE_SECRET:-}
    ports: ['127.0.0.1:${port}:${port}']
    healthcheck:
      <<: *health
      test: ['CMD', 'node', 'infra/images/healthy.mjs', 'http://127.0.0.1:${port}/health/ready']
    depends_on:
      <<: *needs-kafka
      postgres:
        condition: service_healthy
`;

interface LockFile {
  packages: Record<string, object>;
}

/** package-lock.json as npm would write it for the new workspace: it brings no package that is not there already. */
export function withWorkspace(text: string, app: string, manifest: object): string {
  const lock = JSON.parse(text) as LockFile;
  const { name, version, license, dependencies, devDependencies } = manifest as Record<string, unknown>;
  const entries = {
    ...lock.packages,
    [`apps/${app}`]: { name, version, license, dependencies, devDependencies },
    [`node_modules/@signalbox/${app}`]: { resolved: `apps/${app}`, link: true },
  };
  const names = Object.keys(entries).sort((a, b) => a.localeCompare(b, 'en'));
  lock.packages = Object.fromEntries(names.map((key) => [key, entries[key] ?? {}]));
  return `${JSON.stringify(lock, null, 2)}\n`;
}
