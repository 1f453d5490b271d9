import { eventually } from '@signalbox/test-kit';
import { OperatedAgent, broken, type Letter } from '../../test/operated-agent.js';

describe('many dead letters', () => {
  let world: OperatedAgent;
  beforeAll(async () => {
    world = await OperatedAgent.open();
  });
  afterAll(() => world.close());

  const redrives = (body: object) => world.control('/redrives', { by: 'ann', handler: 'record', ...body });
  const run = async (id: string) =>
    (await world.control(`/redrives/${id}`)).body as object as { status: string; redriven: number };

  it('are counted first, then redriven at a rate, cancelled and resumed', async () => {
    const users = Array.from({ length: 30 }, (_, n) => `bulk-${n}`);
    broken.set('bulk', 'fatal');
    for (const user of users) await world.use(user, 'bulk', 1);
    const letters = await eventually(
      async () => {
        const { rows } = await world.pool.query<Letter>(
          `SELECT fingerprint, status FROM sb_dead_letter WHERE key_value LIKE 'bulk-%'`,
        );
        return rows;
      },
      (rows) => rows.length === users.length,
      'dead letters',
    );
    broken.delete('bulk');
    const fingerprint = letters[0]?.fingerprint;
    const dry = await redrives({ fingerprint });
    expect(dry.body).toEqual({ dry_run: true, matching: 30, would_redrive: 30 });
    const begun = await redrives({ fingerprint, dry_run: false, rate_per_s: 3, letters_max: 25 });
    const { id } = (begun.body as unknown as { run: { id: string } }).run;
    await eventually(
      () => run(id),
      ({ redriven }) => redriven > 0,
      'progress',
    );
    expect((await world.control(`/redrives/${id}/cancel`, {})).status).toBe(200);
    const cancelled = await run(id);
    expect(cancelled.status).toBe('cancelled');
    const open = async () =>
      (
        await world.pool.query(
          `SELECT 1 FROM sb_dead_letter WHERE key_value LIKE 'bulk-%' AND status = 'open'`,
        )
      ).rows.length;
    expect(await open()).toBeGreaterThan(5);
    expect((await world.control(`/redrives/${id}/cancel`, {})).status).toBe(409);
    expect((await world.control(`/redrives/${id}/resume`, {})).status).toBe(200);
    const done = await eventually(
      () => run(id),
      ({ status }) => status === 'done',
      'the end',
    );
    expect(done).toMatchObject({ redriven: 25, refused: 0, total: 25 });
    expect(await open()).toBe(5);
  });
});
