import { plannedState } from '../state/local-state.js';
import { stackSettings } from '../state/stack-settings.js';
import { appEnvironment, appVariables } from './app-environment.js';
import type { AppDefinition } from './app-list.js';

const app: AppDefinition = {
  name: 'thing',
  summary: 'a thing',
  workspace: 'apps/thing',
  port: 3999,
  healthPath: '/health/ready',
  needs: ['kafka'],
  environment: { TARGET: '{gatewayUrl}/events', OTHER: '{url:notifier}', SECRET: '{webhookSecret}' },
};
const settings = stackSettings({
  WEBHOOK_SECRET: 's3cret',
  KAFKA_BROKERS: 'a:1,b:2',
  SIGNALBOX_PORT_OFFSET: '100',
});
const state = plannedState(settings);

describe("an app's environment", () => {
  it('has address, stores it needs, and its own variables with the blanks filled in', () => {
    expect(appVariables(app, state)).toEqual({
      PORT: '3999',
      HOST: '127.0.0.1',
      KAFKA_BROKERS: 'a:1,b:2',
      TARGET: 'http://127.0.0.1:3100/events',
      OTHER: 'http://127.0.0.1:3301',
      SECRET: 's3cret',
    });
  });

  it('has the control token where there is an agent', () => {
    expect(appVariables({ ...app, agent: 'thing' }, state)).toMatchObject({
      CONTROL_TOKEN: state.controlToken,
      INTAKE_SECRET: state.intakeSecret,
    });
    expect(appVariables(app, state)).not.toHaveProperty('CONTROL_TOKEN');
  });

  it('has the database only where it is needed', () => {
    expect(appVariables({ ...app, needs: ['postgres'] }, state)).toMatchObject({
      DATABASE_URL: state.databaseUrl,
    });
    expect(appVariables({ ...app, needs: ['postgres'] }, state)).not.toHaveProperty('KAFKA_BROKERS');
  });

  it('refuses a blank that nobody fills in', () => {
    expect(() => appVariables({ ...app, environment: { X: '{nothing}' } }, state)).toThrow(
      /thing uses the unknown \{nothing\}/,
    );
  });

  it("keeps what the stack was started with, but no other Kafka's TLS for the local one", () => {
    const inherited = appEnvironment(app, state, false);
    expect(inherited['PATH']).toBeDefined();
    expect(inherited).not.toHaveProperty('KAFKA_SSL');
  });
});
