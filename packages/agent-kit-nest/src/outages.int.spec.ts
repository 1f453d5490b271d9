import { createDatabase } from '@signalbox/agent-kit-postgres';
import { inheritedEnvironment } from '@signalbox/config';
import { trialStarted, usageRecorded } from '@signalbox/contracts';
import {
  freePort,
  localDatabaseUrl,
  startPostgres,
  storeDirs,
  type ManagedProcess,
} from '@signalbox/local-stack';
import { Installation, eventually } from '@signalbox/test-kit';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentProcess } from '../test/agent-process.js';

/** `npm run test:faults` makes it the 90 s of a long outage. */
const outageMs = Number(inheritedEnvironment()['SIGNALBOX_OUTAGE_SECONDS'] ?? 15) * 1_000;
const LINES_MAX = 20;

/** The process and its children: a server's sessions are processes of their own. */
function family(pid: number): number[] {
  const parentOf = (id: string): number => {
    try {
      return Number(readFileSync(`/proc/${id}/stat`, 'utf8').split(') ')[1]?.split(' ')[1]);
    } catch {
      return 0; // it ended meanwhile
    }
  };
  return [
    pid,
    ...readdirSync('/proc')
      .filter((id) => /^\d+$/.test(id) && parentOf(id) === pid)
      .map(Number),
  ];
}

describe('an outage of the database', () => {
  let installation: Installation;
  let server: ManagedProcess;
  let agent: AgentProcess;
  let dir: string;

  beforeAll(async () => {
    installation = await Installation.open({ agents: ['faulty'], partitions: 2 });
    dir = mkdtempSync(join(tmpdir(), 'signalbox-outage-'));
    chmodSync(dir, 0o755); // the server may run as a user of its own
    const port = await freePort();
    server = await startPostgres({ dirs: storeDirs(dir), port });
    const databaseUrl = await createDatabase(localDatabaseUrl(port), 'outage');
    agent = await new AgentProcess(installation.environment({ DATABASE_URL: databaseUrl })).ready();
  }, 120_000);
  afterAll(async () => {
    await agent?.end('SIGTERM');
    await server?.stop(10_000);
    await installation.close();
    rmSync(dir, { recursive: true, force: true });
  });

  const publish = async (name: string, count: number): Promise<void> => {
    for (let n = 0; n < count; n += 1) {
      const data = { user_id: `${name}-${n}`, feature: 'fine', quantity: 1, unit: 'call' };
      await installation.publish(usageRecorded, data);
    }
  };

  it('is waited out by the same process, with few words, and work goes on by itself', async () => {
    await publish('before', 20);
    await installation.eventsEventually(trialStarted, 20);
    const linesBefore = agent.lines.length;

    const stopped = family(server.identity.pid);
    for (const pid of stopped) process.kill(pid, 'SIGSTOP');
    const untilMs = Date.now() + outageMs;
    await publish('during', 20);
    await eventually(
      async () => agent.status('/health/ready'),
      (status) => status === 503,
      'an unready agent',
    );
    expect(await agent.status('/health/live')).toBe(200);
    await eventually(
      () => Promise.resolve(Date.now()),
      (now) => now >= untilMs,
      'the end of the outage',
      outageMs + 30_000,
    );
    for (const pid of stopped) process.kill(pid, 'SIGCONT');

    const events = await installation.eventsEventually(trialStarted, 40);
    expect(new Set(events.map(({ data }) => data.plan))).toEqual(new Set(['total 1']));
    await agent.ready();
    expect(agent.isRunning).toBe(true);
    const said = agent.lines.slice(linesBefore);
    expect(said.length).toBeLessThanOrEqual(LINES_MAX);
    expect(said.length).toBeGreaterThan(0);
    expect(await agent.metrics()).toMatch(/signalbox_trouble_total\{kind="\w+",app="faulty"\} \d+/);
  }, 300_000);

  it('shows in the metrics what the agent did', async () => {
    const text = await eventually(
      () => agent.metrics(),
      (metrics) => metrics.includes('signalbox_pending_rows'),
      'the first measures',
    );
    expect(text).toMatch(/signalbox_events_total\{handler="[^"]+",outcome="handled",app="faulty"\} 40/);
    expect(text).toMatch(/signalbox_records_total\{topic="usage.recorded",app="faulty"\} 40/);
    expect(text).toMatch(/signalbox_chunk_seconds_count\{/);
    expect(text).toMatch(/signalbox_lag_records\{topic="usage.recorded",partition="\d",app="faulty"\} 0/);
    for (const name of ['outbox_age_seconds', 'pending_overdue_seconds', 'timer_lag_seconds', 'jobs_at_work'])
      expect(text).toContain(`signalbox_${name}{app="faulty"}`);
  });
});
