import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchAgent } from '@signalbox/agent-kit-nest';
import { inheritedEnvironment } from '@signalbox/config';
import { agentActivity, serviceDown, serviceRecovered, usageRecorded } from '@signalbox/contracts';
import { repositoryDir, sourceFlags } from '@signalbox/local-stack';
import { Installation, eventually } from '@signalbox/test-kit';
import { runCli, type CliResult } from '../../test/run-cli.js';
import { AppModule as Before } from '../../test/shadow-agents/before.module.js';
import type { ShadowReport } from './model.js';

const fixture = (name: string): string => join(__dirname, '../../test/shadow-agents', `${name}.module.ts`);
jest.setTimeout(120_000);

const dataDir = mkdtempSync(join(tmpdir(), 'signalbox-shadow-'));
afterAll(() => rmSync(dataDir, { recursive: true }));

const shadowIn = (installation: Installation, ...args: string[]): Promise<CliResult> => {
  const { KAFKA_BROKERS, KAFKA_NAMESPACE } = installation.environment();
  return runCli(['shadow', ...args], { KAFKA_BROKERS, KAFKA_NAMESPACE, SIGNALBOX_DATA_DIR: dataDir });
};
const reportOf = ({ stdout, stderr }: CliResult): ShadowReport => {
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as ShadowReport;
};

/** Waits until production has decided so often. */
const decisions = (installation: Installation, count: number) =>
  eventually(
    async () => (await installation.events(agentActivity)).flatMap(({ data }) => data.entries),
    (entries) => entries.filter(({ outcome }) => ['handled', 'fired'].includes(outcome)).length >= count,
    `${count} decisions`,
  );

describe('a shadow run of a small agent', () => {
  let installation: Installation;
  let topicsBefore: number;
  beforeAll(async () => {
    installation = await Installation.open({ agents: ['tally'] });
    const agent = await launchAgent(Before, installation.environment());
    for (const [user, quantity] of [
      ['a', 2],
      ['a', 1],
      ['a', 2],
      ['b', 1],
      ['b', 0],
    ] as const) {
      await installation.publish(usageRecorded, { ...usageRecorded.example, user_id: user, quantity });
    }
    await decisions(installation, 7);
    await agent.stop();
    topicsBefore = (await installation.records('trial.started')).length;
  });
  afterAll(() => installation.close());

  it('finds nothing when the code is the one that ran', async () => {
    const report = reportOf(
      await shadowIn(installation, 'tally', '--module', fixture('before'), '--from', 'earliest', '--json'),
    );
    expect(report).toEqual({ agent: 'tally', compared: 7, differing: 0, summary: {}, differences: [] });
  });

  it('shows exactly what a changed rule changes, and publishes nothing', async () => {
    const result = await shadowIn(installation, 'tally', '--module', fixture('after'), '--json');
    const { compared, summary, differences } = reportOf(result);
    expect(compared).toBe(7);
    expect(summary).toEqual({ 'output_missing trial.started': 1, 'output_changed trial.started': 1 });
    expect(differences.map(({ handler, changes }) => [handler, ...changes])).toEqual([
      ['used', expect.objectContaining({ kind: 'output_missing', eventType: 'trial.started' })],
      [
        'used',
        expect.objectContaining({
          kind: 'output_changed',
          fields: [{ pointer: '/plan', production: 'total 5', shadow: 'sum 5' }],
        }),
      ],
    ]);
    expect(await installation.records('trial.started')).toHaveLength(topicsBefore);
  });

  it('reads for people, in a window of time and up to a limit', async () => {
    const text = await shadowIn(installation, 'tally', '--module', fixture('after'));
    expect(text.stdout).toMatch(/ {2}- trial.started {2}[0-9a-f-]{36}\n/);
    expect(text.stdout).toContain('      /plan\n      - "total 5"\n      + "sum 5"\n');
    expect(text.stdout).toContain('tally: 7 decisions compared, 2 differ.\n');
    expect(text.stdout).toContain('1 × output missing: trial.started');
    const early = ['--to', '2020-01-01T00:00:00Z', '--module', fixture('after'), '--json'];
    expect(reportOf(await shadowIn(installation, 'tally', ...early))).toMatchObject({ compared: 0 });
    const few = ['--limit', '2', '--module', fixture('after'), '--json'];
    expect(reportOf(await shadowIn(installation, 'tally', ...few))).toMatchObject({ compared: 2 });
  });

  it('says what is wrong', async () => {
    expect((await shadowIn(installation, 'nobody')).stderr).toContain(
      'error not_found: There is no agent nobody.',
    );
    expect((await shadowIn(installation, 'ops')).stderr).toContain('agent.activity holds no decision of ops');
    expect((await shadowIn(installation, 'remediator')).stderr).toContain('remediator decides nothing');
    expect((await shadowIn(installation, 'ops', '--from', 'noon')).stderr).toContain(
      'It must be a time like',
    );
  });
});

describe('a shadow run of the ops agent', () => {
  let installation: Installation;
  let agent: ChildProcess;
  beforeAll(async () => {
    installation = await Installation.open({ agents: ['ops'] });
    const main = join(repositoryDir, 'apps/agent-ops/src/main.ts');
    const env = inheritedEnvironment(installation.environment()) as Record<string, string>;
    agent = spawn(process.execPath, [...sourceFlags, main], { env, cwd: repositoryDir, stdio: 'ignore' });
    for (const alert_id of ['one', 'two']) {
      await installation.publish(serviceDown, { ...serviceDown.example, alert_id });
    }
    await installation.publish(serviceDown, {
      ...serviceDown.example,
      service_name: 'other',
      alert_id: 'three',
    });
    await decisions(installation, 3);
    await installation.publish(serviceRecovered, serviceRecovered.example);
    await decisions(installation, 4);
  });
  afterAll(async () => {
    const ended = new Promise((resolve) => agent.once('exit', resolve));
    agent.kill('SIGTERM');
    await ended;
    await installation.close();
  });

  it('finds no difference over real incidents', async () => {
    const report = reportOf(await shadowIn(installation, 'ops', '--from', 'earliest', '--json'));
    expect(report.differences).toEqual([]);
    expect(report.compared).toBeGreaterThanOrEqual(4);
  });
});
