import { launchAgent, type RunningAgent } from '@signalbox/agent-kit-nest';
import { remediationCompleted, remediationFailed, remediationRequested } from '@signalbox/contracts';
import { HttpReceiver, Installation, eventually } from '@signalbox/test-kit';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppModule } from './app.module.js';

let folder: string;
let list: string;
let control: HttpReceiver;
let installation: Installation;
let remediator: RunningAgent;

const restart = (more: object = {}) => ({
  service: 'PaymentGatewayService',
  action: 'restart',
  idempotent: true,
  http: { url: `${control.origin}/control/restart`, allow_private: true },
  ...more,
});
const allow = (...entries: object[]): void => writeFileSync(list, JSON.stringify({ version: 1, entries }));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'remediator-int-'));
  list = join(folder, 'allow-list.yaml');
  control = await HttpReceiver.start(() => ({ status: 200, body: '{"outcome":"Process restarted."}' }));
  installation = await Installation.open({ agents: ['remediator'] });
  allow(restart());
  remediator = await launchAgent(AppModule, installation.environment({ REMEDIATION_ALLOW_LIST: list }));
});
afterAll(async () => {
  await remediator?.stop();
  await control?.close();
  await installation?.close();
  rmSync(folder, { recursive: true });
});

const request = (incident: string, changes: object = {}) =>
  installation.publish(remediationRequested, {
    ...remediationRequested.example,
    incident_id: incident,
    ...changes,
  });
const resultOf = <C extends typeof remediationCompleted | typeof remediationFailed>(
  contract: C,
  incident: string,
) =>
  eventually(
    async () => (await installation.events(contract)).find(({ data }) => data.incident_id === incident),
    (event) => event !== undefined,
    `${contract.type} of ${incident}`,
  );

it('restarts an allowed service once and reports outcome and duration', async () => {
  const asked = await request('inc-1');
  await installation.publish(
    remediationRequested,
    { ...remediationRequested.example, incident_id: 'inc-1' },
    asked,
  );
  await request('inc-2');
  const completed = await resultOf(remediationCompleted, 'inc-1');
  await resultOf(remediationCompleted, 'inc-2');
  expect(completed?.data).toMatchObject({ request_id: asked.event_id, action: 'restart', step: 1 });
  expect(completed?.data.outcome).toContain('Process restarted.');
  expect(completed?.data.duration_ms).toBeGreaterThan(0);
  expect(completed?.metadata).toMatchObject({ causation_id: asked.event_id });
  expect(control.requests.all.map(({ path }) => path)).toEqual(['/control/restart', '/control/restart']);
});

it('runs nothing that is not on the list, and says why', async () => {
  const before = control.requests.all.length;
  await request('inc-3', { service_name: 'Ledger' });
  const failed = await resultOf(remediationFailed, 'inc-3');
  expect(failed?.data).toMatchObject({ error_code: 'action_not_allowed', attempts: 1 });
  expect(failed?.data.reason).toContain("'restart' of Ledger in production");
  expect(control.requests.all).toHaveLength(before);
});

it('follows the file: what is added works, what is taken away no longer', async () => {
  const marker = join(folder, 'replicas');
  const script = `require('fs').writeFileSync(${JSON.stringify(marker)}, process.argv[1])`;
  allow({
    service: 'PaymentGatewayService',
    action: 'scale',
    replicas: { min: 1, max: 5 },
    command: { argv: [process.execPath, '-e', script, '{replicas}'] },
  });
  await request('inc-4', { action: 'scale', parameters: { replicas: '4' } });
  await resultOf(remediationCompleted, 'inc-4');
  expect(readFileSync(marker, 'utf8')).toBe('4');
  await request('inc-5');
  const failed = await resultOf(remediationFailed, 'inc-5');
  expect(failed?.data).toMatchObject({ error_code: 'action_not_allowed' });
});

it('asks a person when a call that is not idempotent was sent and not answered', async () => {
  allow(restart({ idempotent: false }));
  control.cutNext();
  await request('inc-6');
  const failed = await resultOf(remediationFailed, 'inc-6');
  expect(failed?.data).toMatchObject({ error_code: 'outcome_unknown', attempts: 1 });
});

it('does not start without a valid allow-list', async () => {
  const environment = installation.environment({ REMEDIATION_ALLOW_LIST: join(folder, 'missing.yaml') });
  await expect(launchAgent(AppModule, environment)).rejects.toMatchObject({ code: 'config_invalid' });
});
