import { statSync } from 'node:fs';
import { join } from 'node:path';
import { identifyProcess } from '../process/identity.js';
import { writeJsonFile } from '../process/json-file.js';
import { removeTemporaryDirs, temporaryDir } from '../testing/temporary-dir.js';
import {
  localState,
  plannedState,
  requireLocalState,
  runningSupervisor,
  supervisorRecordPath,
} from './local-state.js';
import { localControlToken, localWebhookSecret } from './secrets.js';
import { stackSettings } from './stack-settings.js';

describe('the state of the local stack', () => {
  const dir = temporaryDir('state');
  const env = { SIGNALBOX_DATA_DIR: dir };
  afterAll(removeTemporaryDirs);

  it('is that of a start with the present settings while nothing runs', () => {
    const state = localState({ ...env, SIGNALBOX_KAFKA_PORT: '1234', SIGNALBOX_POSTGRES_PORT: '1235' });
    expect(state).toMatchObject({
      running: false,
      brokers: ['127.0.0.1:1234'],
      databaseUrl: 'postgres://signalbox:signalbox@127.0.0.1:1235/signalbox',
      gatewayUrl: 'http://127.0.0.1:3000',
    });
    expect(state.apps.find(({ name }) => name === 'agent-ops')).toMatchObject({
      agent: 'ops',
      url: 'http://127.0.0.1:3103',
    });
  });

  it('has a secret that is made once and is for its owner alone', () => {
    const secret = localWebhookSecret(dir);
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(localWebhookSecret(dir)).toBe(secret);
    expect(localState(env).webhookSecret).toBe(secret);
    expect(statSync(join(dir, 'secrets.json')).mode & 0o777).toBe(0o600);
    expect(localState({ ...env, WEBHOOK_SECRET: 'own' }).webhookSecret).toBe('own');
  });

  it('has a control token of its own beside the secret, which stays', () => {
    const secret = localWebhookSecret(dir);
    const token = localControlToken(dir);
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    expect(localControlToken(dir)).toBe(token);
    expect(localWebhookSecret(dir)).toBe(secret);
    expect(token).not.toBe(secret);
    expect(localState(env).controlToken).toBe(token);
    expect(localState({ ...env, CONTROL_TOKEN: 'sixteen-letters-' }).controlToken).toBe('sixteen-letters-');
    const { intakeSecret } = localState(env);
    expect([localState(env).intakeSecret, intakeSecret === token]).toEqual([intakeSecret, false]);
    expect(localState({ ...env, INTAKE_SECRET: 'letters-sixteen-' }).intakeSecret).toBe('letters-sixteen-');
  });

  it('refuses a command that needs Kafka while there is none', () => {
    expect(() => requireLocalState(env)).toThrow(
      expect.objectContaining({ code: 'stack_unavailable', action: expect.stringContaining('npm start') }),
    );
    expect(requireLocalState({ ...env, KAFKA_BROKERS: 'k:1' }).brokers).toEqual(['k:1']);
  });

  describe('while a supervisor runs', () => {
    const state = { ...plannedState(stackSettings({ ...env, SIGNALBOX_KAFKA_PORT: '4000' })), running: true };
    const note = (started: string): void =>
      writeJsonFile(supervisorRecordPath(dir), {
        supervisor: { pid: process.pid, started },
        control: { port: 1, token: 't' },
        state,
      });

    it('is as the supervisor wrote it down, but for what settings name', () => {
      note(identifyProcess(process.pid)!.started);
      expect(localState(env)).toMatchObject({ running: true, brokers: ['127.0.0.1:4000'] });
      expect(localState({ ...env, KAFKA_BROKERS: 'k:1' })).toMatchObject({ running: true, brokers: ['k:1'] });
    });

    it('is not taken from a note whose process id belongs to another process by now', () => {
      note('ticks 1');
      expect(runningSupervisor(dir)).toBeUndefined();
      expect(localState(env)).toMatchObject({ running: false, brokers: ['127.0.0.1:19092'] });
    });
  });
});
