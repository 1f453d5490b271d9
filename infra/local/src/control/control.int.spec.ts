import type { Server } from 'node:http';
import { SignalboxError } from '@signalbox/errors';
import { plannedState, type SupervisorRecord } from '../state/local-state.js';
import { stackSettings } from '../state/stack-settings.js';
import { askSupervisor } from './control-client.js';
import { startControlServer, type ControlRequest } from './control-server.js';

describe('asking a supervisor', () => {
  const asked: ControlRequest[] = [];
  let server: Server;
  let record: SupervisorRecord;
  beforeAll(async () => {
    const started = await startControlServer('right', async (request) => {
      asked.push(request);
      if (request.app === 'nothing') {
        throw new SignalboxError('not_found', 'There is no app nothing.', { action: 'Name another.' });
      }
      return Promise.resolve({ phase: 'ready' });
    });
    server = started.server;
    const state = plannedState(stackSettings({ WEBHOOK_SECRET: 'secret' }));
    const supervisor = { pid: process.pid, started: 'now' };
    record = { supervisor, control: { port: started.port, token: 'right' }, state };
  });
  afterAll(() => server.close());

  it('gets its answer', async () => {
    await expect(askSupervisor(record, { action: 'status' })).resolves.toEqual({ phase: 'ready' });
    expect(asked.at(-1)).toEqual({ action: 'status' });
  });

  it('gets its error, with code and what to do', async () => {
    await expect(askSupervisor(record, { action: 'hold', app: 'nothing' })).rejects.toMatchObject({
      code: 'not_found',
      message: 'There is no app nothing.',
      action: 'Name another.',
    });
  });

  it.each(['wrong', '', 'right2'])('is refused with the token %j', async (token) => {
    const before = asked.length;
    const stranger = { ...record, control: { ...record.control, token } };
    await expect(askSupervisor(stranger, { action: 'down' })).rejects.toMatchObject({
      code: 'credentials_invalid',
    });
    expect(asked).toHaveLength(before);
  });

  it('is refused with a body beyond its bound', async () => {
    const request = { action: 'hold', app: 'x'.repeat(10_000) } as const;
    await expect(askSupervisor(record, request)).rejects.toMatchObject({ code: 'body_too_large' });
  });

  it('is told when nobody answers', async () => {
    const gone = { ...record, control: { ...record.control, port: 1 } };
    await expect(askSupervisor(gone, { action: 'status' }, 2_000)).rejects.toMatchObject({
      code: 'stack_unavailable',
      message: expect.stringContaining(`pid ${process.pid}`),
      action: expect.stringContaining('signalbox down'),
    });
  });
});
