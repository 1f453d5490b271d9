import { remediationFailed, remediationRequested } from '@signalbox/contracts';
import { FatalError, SignalboxError } from '@signalbox/errors';
import { settle } from '../../test/kit-bench.js';
import { PendingBench, rawRecordOf } from '../../test/pending-bench.js';
import { emit, note } from '../outputs.js';
import type { AnyPerform } from '../registry.js';
import type { PendingRow } from '../ports/store.js';
import { actStartOf, jobOf, type ActResult } from './act.js';
import { finishJobs, type EndedJob } from './finish-job.js';
import { JobFinisher } from './job-finisher.js';
import { refuseJob } from './refuse-job.js';

type Result = Exclude<ActResult, { kind: 'lost' }>;
const answer = { kind: 'answered' } as const;
const done = (...outputs: Extract<Result, { kind: 'done' }>['outputs']): Result => ({
  kind: 'done',
  outputs,
  answer,
});
const failedFact = emit(remediationFailed, remediationFailed.example);

describe('how jobs end', () => {
  let bench: PendingBench;
  beforeEach(() => (bench = new PendingBench()));

  /** Leased jobs whose acts the ledger knows as begun. */
  const begun = async (...ids: string[]): Promise<EndedJob['job'][]> => {
    await bench.commit({ pending: ids.map((id) => bench.job(id, `d-${id}`)) });
    const handler = bench.one.ports.context.registry.handler('call') as AnyPerform;
    const jobs = (await bench.claim(['job'])).map((row) => jobOf(row, handler, bench.agent.name));
    await bench.one.ports.store.startActs(jobs.map(actStartOf));
    return jobs;
  };
  const finish = async (job: EndedJob['job'] | undefined, result: Result) =>
    job && finishJobs([{ job, result }], bench.one.ports);
  const topics = () => [...bench.database.tables.outbox.rows.values()].map(({ topic }) => topic);

  it('done: row gone, act done in the ledger with the note as its outcome, its facts published', async () => {
    const [job] = await begun('j-1');
    await finish(job, done(failedFact, note('restarted pod 7')));
    expect(bench.rows).toEqual([]);
    expect(bench.ledger).toMatchObject([{ status: 'done', outcome: 'restarted pod 7' }]);
    expect(topics()).toContain(remediationFailed.topic);
    expect(bench.told).toMatchObject([
      { event_id: 'j-1', handler: 'call', outcome: 'performed', attempt: 1, note: 'restarted pod 7' },
    ]);
    expect(bench.told[0]?.outputs).toHaveLength(1);
  });

  it('done with nothing to tell: an empty outcome and no note', async () => {
    const [job] = await begun('j-1');
    await finish(job, done());
    expect(bench.ledger).toMatchObject([{ status: 'done', outcome: '' }]);
    expect(bench.told[0]).not.toHaveProperty('note');
  });

  it('keeps no NUL in the ledger, which PostgreSQL could not store', async () => {
    const [job] = await begun('j-1');
    await finish(job, done(note('half\u0000way')));
    expect(bench.ledger).toMatchObject([{ outcome: 'half\ufffdway' }]);
  });

  it('done although its result breaks its contract: not done again, a dead letter tells, nothing is published', async () => {
    const [job] = await begun('j-1');
    const bad = emit(remediationFailed, { ...remediationFailed.example, step: 'one' as never });
    await finish(job, done(note('done'), bad));
    expect(bench.rows).toEqual([]);
    expect(bench.ledger).toMatchObject([
      { status: 'done', outcome: expect.stringContaining('breaks its contract') },
    ]);
    expect(bench.letters).toMatchObject([
      { errorCode: 'output_invalid', handler: 'call', eventId: 'j-1', attempts: 1, correlationId: 'story' },
    ]);
    expect(topics()).not.toContain(remediationFailed.topic);
    expect(bench.told).toMatchObject([{ outcome: 'dead_lettered' }]);
  });

  it.each([
    [true, 1],
    [false, 0],
  ])('again: postponed by its delay; an attempt that counts (%s) makes %i', async (counts, attempts) => {
    const [job] = await begun('j-1');
    const error = new SignalboxError('outbound_failed', 'HTTP 503');
    await finish(job, { kind: 'again', afterMs: 7_000, error, counts, answer });
    const dueMs = bench.clock.nowMs() + 7_000;
    expect(bench.rows).toMatchObject([
      { attempts, dueMs, claimMs: dueMs, leaseToken: null, starts: 0, errorCode: 'outbound_failed' },
    ]);
    expect(bench.ledger).toMatchObject([{ status: 'failed', outcome: 'HTTP 503' }]);
    expect(bench.told).toMatchObject([
      { outcome: 'failed', attempt: 1, error_code: 'outbound_failed', note: 'HTTP 503' },
    ]);
  });

  it.each([
    ['its fact of failure', [failedFact], 1],
    ['no fact when that one is wrong', [emit(remediationFailed, {} as never)], 0],
  ])('given up: a dead letter and %s', async (_what, outputs, facts) => {
    const [job] = await begun('j-1');
    await finish(job, { kind: 'given_up', error: new FatalError('no such service'), outputs, answer });
    expect(bench.rows).toEqual([]);
    expect(bench.ledger).toMatchObject([{ status: 'given_up', outcome: 'no such service' }]);
    expect(bench.letters).toMatchObject([{ errorCode: 'handler_fatal', errorMessage: 'no such service' }]);
    expect(topics().filter((topic) => topic === remediationFailed.topic)).toHaveLength(facts);
  });

  it('leaves out a job whose lease another process has by now, in row and ledger', async () => {
    const jobs = await begun('mine', 'theirs');
    bench.change('theirs', { leaseToken: 'another' });
    await finishJobs(
      jobs.map((job) => ({ job, result: done() })),
      bench.one.ports,
    );
    expect(bench.rows.map(({ eventId }) => eventId)).toEqual(['theirs']);
    expect(bench.ledger.map(({ status }) => status)).toEqual(['done', 'started']);
    expect(bench.told.map(({ event_id: id }) => id)).toEqual(['mine']);
  });

  describe('written by the finisher', () => {
    const cut = new AbortController();
    let finisher: JobFinisher;
    beforeEach(() => (finisher = new JobFinisher(bench.one.ports, cut.signal)));
    const commits = () => bench.one.calls.filter((call) => call === 'tx.commit').length;
    const finishAll = (jobs: readonly EndedJob['job'][], result = done()) =>
      bench.inTime(Promise.all(jobs.map((job) => finisher.finish({ job, result }))));

    it('goes with the next transaction when it ends while one is under way', async () => {
      const jobs = await begun('1', '2', '3', '4', '5');
      await finishAll(jobs);
      expect(commits()).toBe(2);
      expect(bench.rows).toEqual([]);
    });

    it('is written again after the database was away, and told only then', async () => {
      const jobs = await begun('1', '2');
      bench.one.fail('tx.settlePending', 'lost_request', 'lost_request');
      const beganMs = bench.clock.nowMs();
      await finishAll(jobs);
      expect(bench.clock.nowMs()).toBeGreaterThan(beganMs);
      expect(bench.ledger.map(({ status }) => status)).toEqual(['done', 'done']);
    });

    it('is written once when the answer to COMMIT was lost, and published', async () => {
      const jobs = await begun('1');
      bench.one.fail('tx.commit', 'lost_answer');
      await finishAll(jobs, done(failedFact));
      await settle();
      expect(bench.events(remediationFailed.topic)).toHaveLength(1);
    });

    it('that the database refuses is a dead letter: the act is done all the same', async () => {
      const jobs = await begun('good', 'bad');
      const refused = new Error('invalid byte sequence');
      // Alone at first, then with what came meanwhile; each is tried twice.
      bench.one.fail('tx.write', refused, refused);
      await finishAll(jobs);
      expect(bench.rows).toEqual([]);
      expect(bench.letters).toMatchObject([{ errorCode: 'output_invalid', handler: 'call' }]);
      expect(bench.letters[0]?.errorMessage).toContain(
        'the database refused the result: Error: invalid byte',
      );
    });

    it('fails with the process that ends before the database has it', async () => {
      const jobs = await begun('1');
      const ending = new AbortController();
      ending.abort();
      bench.one.fail('tx.settlePending', 'lost_request');
      const late = new JobFinisher(bench.one.ports, ending.signal);
      const [job] = jobs;
      await expect(job && late.finish({ job, result: done() })).rejects.toThrow('tx.settlePending was lost');
      expect(bench.rows).toHaveLength(1);
    });
  });

  describe('that cannot even begin', () => {
    const refuse = async (error: unknown): Promise<PendingRow> => {
      await bench.commit({ pending: [bench.job('j-1')] });
      const [row] = await bench.claim(['job']);
      await refuseJob(row as PendingRow, error, bench.one.ports);
      return row as PendingRow;
    };

    it('are dead letters that name the request', async () => {
      await refuse(new SignalboxError('handler_fatal', "this code has no connector handler 'call'"));
      expect(bench.rows).toEqual([]);
      expect(bench.letters).toMatchObject([
        { errorCode: 'handler_fatal', handler: 'call', eventId: 'j-1', eventType: remediationRequested.type },
      ]);
      expect(bench.told).toMatchObject([
        { outcome: 'dead_lettered', event_id: 'j-1', correlation_id: 'story' },
      ]);
    });

    it('are dead letters with their raw bytes when nothing of them can be read', async () => {
      const record = { ...rawRecordOf(remediationRequested.type, 'j-1', {}), value: Buffer.from('{') };
      await bench.commit({ pending: [bench.job('j-1', 'd', { record })] });
      const [row] = await bench.claim(['job']);
      await refuseJob(row as PendingRow, new SignalboxError('event_invalid', 'no JSON'), bench.one.ports);
      expect(bench.letters).toMatchObject([{ errorCode: 'event_invalid', eventId: null, record }]);
    });

    it('wait half a minute for newer code when they are of a newer version, attempts unchanged', async () => {
      const row = await refuse(new SignalboxError('event_newer', 'version 9'));
      const dueMs = bench.clock.nowMs() + 30_000;
      expect(bench.rows).toMatchObject([
        { id: row.id, attempts: 0, dueMs, claimMs: dueMs, errorCode: 'event_newer', leaseToken: null },
      ]);
      expect(bench.letters).toEqual([]);
    });
  });
});
