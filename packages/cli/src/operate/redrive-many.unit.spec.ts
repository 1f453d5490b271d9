import { HttpReceiver, type HttpAnswer, type ReceivedRequest } from '@signalbox/test-kit';
import type { CommandContext } from '../context.js';
import { createOutput } from '../output.js';
import { controlClient } from './control-client.js';
import type { Run } from './model.js';
import { redriveEach, redriveMany, type RedriveOptions } from './redrive-many.js';

const run = (more: Partial<Run> = {}): Run => ({
  id: '7',
  status: 'running',
  total: 3,
  redriven: 0,
  refused: 0,
  last_refusal: null,
  rate_per_s: 10,
  asked_by: 'ann',
  created_at: '2026-04-05T12:00:00Z',
  ...more,
});
const json = (body: object, status = 200): HttpAnswer => ({ status, body: JSON.stringify(body) });

let agent: HttpReceiver;
let answer: (request: ReceivedRequest) => HttpAnswer;
beforeAll(async () => {
  agent = await HttpReceiver.start((request) => answer(request));
});
beforeEach(() => agent.reset());
afterAll(() => agent.close());

/** What a command wrote, whether it failed, and what it asked for. */
async function told(work: (context: CommandContext) => Promise<void>, stopping = new AbortController()) {
  const written = { stdout: '', stderr: '' };
  let failed = false;
  const output = createOutput(() => false, {
    stdout: { write: (text: string) => (written.stdout += text) },
    stderr: { write: (text: string) => (written.stderr += text) },
  });
  await work({ output, signal: stopping.signal, fail: () => void (failed = true) });
  const asked = agent.requests.all.map(({ path, body }) => ({
    path,
    body: body.length > 0 ? (JSON.parse(body.toString()) as Record<string, unknown>) : undefined,
  }));
  return { ...written, failed, asked };
}
const client = () => controlClient({ agent: 'ops', url: agent.origin });
const many = (options: Partial<RedriveOptions>, stopping?: AbortController) =>
  told((context) => redriveMany(context, client(), { rate: 10, max: 100, by: 'ann', ...options }), stopping);

describe('a redrive of many', () => {
  it('is refused where nothing says which, before anybody is asked', async () => {
    await expect(many({})).rejects.toMatchObject({
      code: 'request_malformed',
      action: expect.stringContaining('--all') as string,
    });
    expect(agent.requests.all).toEqual([]);
  });

  it.each([
    [0, 0, 'No open dead letter matches.\n'],
    [
      1,
      1,
      '1 open dead letters match; 1 would be redriven in about 1 s (10 a second).\nAdd --yes to do it.\n',
    ],
    [
      45,
      25,
      '45 open dead letters match; 25 would be redriven in about 3 s (10 a second).\nAdd --yes to do it.\n',
    ],
  ])('counts %d first, of which %d go', async (matching, count, text) => {
    answer = () => json({ dry_run: true, matching, would_redrive: count });
    const { stdout, failed, asked } = await many({ all: true, max: 25 });
    expect([stdout, failed]).toEqual([text, false]);
    expect(asked).toEqual([
      {
        path: '/control/redrives',
        body: { all: true, by: 'ann', dry_run: true, rate_per_s: 10, letters_max: 25 },
      },
    ]);
  });

  it('asks for what its filter names', async () => {
    answer = () => json({ matching: 0 });
    const { asked } = await many({ fingerprint: 'f1', handler: 'send', type: 'x', since: 60_000, yes: true });
    expect(asked[0]?.body).toMatchObject({
      fingerprint: 'f1',
      handler: 'send',
      event_type: 'x',
      dry_run: false,
    });
    expect(asked[0]?.body?.['from']).toMatch(/^\d{4}-.*Z$/);
    expect(asked[0]?.body).not.toHaveProperty('all');
  });

  it('shows how it comes on, each state once, and fails when some were refused', async () => {
    const states = [
      run(),
      run({ redriven: 2 }),
      run({ status: 'done', redriven: 2, refused: 1, last_refusal: 'at work' }),
    ];
    answer = ({ path }) =>
      path === '/control/redrives' ? json({ matching: 3, run: run() }) : json(states.shift()!);
    const { stdout, stderr, failed, asked } = await many({ all: true, yes: true });
    expect(stderr).toBe(
      'redrive 7: 0 of 3 redriven, running, 10 a second\nredrive 7: 2 of 3 redriven, running, 10 a second\n',
    );
    expect(stdout).toBe('redrive 7: 2 of 3 redriven, 1 refused, done\n  last refusal: at work\n');
    expect(failed).toBe(true);
    expect(asked.slice(1).map(({ path }) => path)).toEqual(Array(3).fill('/control/redrives/7'));
  });

  it('goes on when nobody watches it any more, and says how to look', async () => {
    const stopping = new AbortController();
    answer = ({ path }) => {
      stopping.abort();
      return path === '/control/redrives' ? json({ matching: 3, run: run() }) : json(run({ redriven: 1 }));
    };
    const { stdout, failed } = await many({ all: true, yes: true }, stopping);
    expect(stdout).toContain('It goes on without you: signalbox dlq runs --agent ops');
    expect(failed).toBe(false);
  });
});

describe('a redrive of those named', () => {
  it('goes on after a refusal, and has failed then', async () => {
    answer = ({ path }) =>
      path.includes('/2/')
        ? json({ code: 'letter_not_open', detail: 'Dead letter 2 is discarded.', action: 'Leave it.' }, 409)
        : json({ ok: true });
    const { stdout, stderr, failed, asked } = await told((context) =>
      redriveEach(context, client(), ['1', '2', '3'], 'ann'),
    );
    expect(stdout).toBe('dead letter 1 goes back to ops\ndead letter 3 goes back to ops\n');
    expect(stderr).toContain('error letter_not_open: Dead letter 2 is discarded.');
    expect(failed).toBe(true);
    expect(asked).toEqual(
      ['1', '2', '3'].map((id) => ({ path: `/control/dead-letters/${id}/redrive`, body: { by: 'ann' } })),
    );
  });

  it('has not failed when all went', async () => {
    answer = () => json({ ok: true });
    expect((await told((context) => redriveEach(context, client(), ['1'], 'ann'))).failed).toBe(false);
  });
});
