import type { NoteOutput } from '@signalbox/agent-kit';
import { createPool, type Pool } from '@signalbox/agent-kit-postgres';
import { remediationRequested, type DataOf, type EventEnvelope } from '@signalbox/contracts';
import { Installation, eventually } from '@signalbox/test-kit';
import { Module } from '@nestjs/common';
import { AgentModule } from '../agent.module.js';
import { AgentHandlers, Perform } from '../decorators/decorators.js';
import { launchAgent, type RunningAgent } from '../start-agent.js';

const token = 'a-token-for-tests-only';
type Event = EventEnvelope<DataOf<typeof remediationRequested>>;

/** Calls by incident; the receiver hangs as long as it is told to. */
const calls = new Map<string, number>();
let isHanging = true;

@AgentHandlers()
class AskingHandlers {
  @Perform(remediationRequested, {
    key: ({ data }) => data.incident_id,
    destination: () => 'somewhere',
    unknownOutcome: 'ask',
    deadlineMs: 100,
    giveUp: () => [],
  })
  async act({ data }: Event): Promise<readonly NoteOutput[]> {
    calls.set(data.incident_id, (calls.get(data.incident_id) ?? 0) + 1);
    if (isHanging) await new Promise(() => undefined);
    return [];
  }
}

@Module({
  imports: [AgentModule.forRoot({ name: 'asking', startFrom: 'earliest' })],
  controllers: [AskingHandlers],
})
class AskingModule {}

describe('acts of which nobody knows how they ended', () => {
  let installation: Installation;
  let agent: RunningAgent;
  let pool: Pool;
  beforeAll(async () => {
    installation = await Installation.open({ agents: ['asking'] });
    agent = await launchAgent(AskingModule, installation.environment({ CONTROL_TOKEN: token }));
    const url = installation.databaseUrl;
    pool = createPool({ url, schema: 'asking', max: 2, onError: () => undefined });
  });
  afterAll(async () => {
    await agent.stop();
    await pool.end();
    await installation.close();
  });

  async function control(path: string, body?: object): Promise<{ status: number; body: unknown }> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const init = body ? { method: 'POST', body: JSON.stringify(body), headers } : { headers };
    const response = await fetch(`${agent.url}/control/effects/unknown${path}`, init);
    return { status: response.status, body: await response.json() };
  }
  const ask = (incident: string) =>
    installation.publish(remediationRequested, { ...remediationRequested.example, incident_id: incident });
  const unknown = async () =>
    ((await control('')).body as { unknown: { id: string; key: { value: string } }[] }).unknown;
  const ledgerOf = async (eventId: string) =>
    (
      await pool.query<{ status: string; outcome: string }>(
        'SELECT status, outcome FROM sb_ledger WHERE event_id = $1',
        [eventId],
      )
    ).rows[0];

  it('are listed until a person says done, and then never done again, or not done, and then tried again', async () => {
    const done = await ask('is-done');
    const notDone = await ask('not-done');
    const listed = await eventually(unknown, (all) => all.length === 2, 'two acts that hang');
    const idOf = (key: string): string => listed.find((one) => one.key.value === key)?.id ?? '';
    isHanging = false;

    const said = { done: true, by: 'ann', why: 'it is in the channel' };
    expect(await control(`/${idOf('is-done')}`, said)).toMatchObject({
      status: 200,
      body: { outcome: 'done' },
    });
    expect(await ledgerOf(done.event_id)).toEqual({
      status: 'done',
      outcome: 'done, says ann: it is in the channel',
    });
    expect(await control(`/${idOf('is-done')}`, said)).toMatchObject({
      status: 409,
      body: { code: 'letter_not_open' },
    });

    const other = { done: false, by: 'ben', why: 'nothing there' };
    expect(await control(`/${idOf('not-done')}`, other)).toMatchObject({ body: { outcome: 'not_done' } });
    await eventually(
      () => ledgerOf(notDone.event_id),
      (row) => row?.status === 'done',
      'the act that was tried again',
    );
    expect(await unknown()).toEqual([]);
    expect(Object.fromEntries(calls)).toEqual({ 'is-done': 1, 'not-done': 2 });
  });

  it('are refused for other dead letters, without a reason, and without the token', async () => {
    const [{ id } = { id: '' }] = (
      await pool.query<{ id: string }>(
        `UPDATE sb_dead_letter SET status = 'open', error_code = 'handler_fatal'
         WHERE id = (SELECT min(id) FROM sb_dead_letter) RETURNING id`,
      )
    ).rows;
    const said = { done: true, by: 'ann', why: 'seen' };
    expect(await control(`/${id}`, said)).toMatchObject({
      status: 400,
      body: { code: 'request_malformed' },
    });
    expect(await control(`/${id}`, { done: true, by: 'ann' })).toMatchObject({ status: 400 });
    expect((await control('/999999', said)).status).toBe(404);
    expect((await fetch(`${agent.url}/control/effects/unknown`)).status).toBe(401);
  });
});
