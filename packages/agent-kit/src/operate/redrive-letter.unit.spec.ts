import { emailRequested } from '@signalbox/contracts';
import { signUp } from '../../test/agent.js';
import { edited, letter, recordOf, registry } from '../../test/letters.js';
import { eventCause, outputId } from '../ids.js';
import type { LetterRedrive, NotedOutcome, RedriveVerdict, StoredLetter } from './operator-store.js';
import { redriveLetter } from './redrive-letter.js';
import { settleUnknown } from './settle-unknown.js';

/** What a person does with a dead letter, written down; each redrive is answered with the next verdict, then as done. */
class Desk {
  readonly redrives: LetterRedrive[] = [];
  readonly outcomes: NotedOutcome[] = [];
  isOpen = true;
  constructor(private readonly verdicts: RedriveVerdict[] = []) {}

  redrive(request: LetterRedrive): Promise<RedriveVerdict> {
    this.redrives.push(request);
    return Promise.resolve(this.verdicts.shift() ?? 'redriven');
  }

  noteOutcome(outcome: NotedOutcome): Promise<boolean> {
    this.outcomes.push(outcome);
    return Promise.resolve(this.isOpen);
  }

  get ids() {
    return this.redrives.map(({ rows }) => rows[0]?.eventId);
  }
}

describe('a redrive', () => {
  const redrive = (one: StoredLetter, desk: Desk) => redriveLetter(one, 'ann', registry, desk);

  it('is asked for once, by whom, for the letter as it was seen', async () => {
    const desk = new Desk();
    await redrive(letter(), desk);
    expect(desk.redrives).toMatchObject([{ letterId: 1n, edits: 0, by: 'ann', inbox: null }]);
    expect(desk.ids).toEqual(['evt-1']);
  });

  it.each(['redriven', 'discarded'] as const)('of a letter that is %s is refused unasked', async (status) => {
    const desk = new Desk();
    await expect(redrive(letter({ status }), desk)).rejects.toMatchObject({
      code: 'letter_not_open',
      message: expect.stringContaining(status) as string,
    });
    expect(desk.redrives).toEqual([]);
  });

  it.each([
    ['not_open', 'letter_not_open', 'settled or edited meanwhile'],
    ['id_taken', 'redrive_refused', 'its event id was handled meanwhile'],
    ['at_work', 'redrive_refused', 'pending already'],
  ] as const)('that comes too late (%s) is told so, with what to do', async (verdict, code, message) => {
    const desk = new Desk([verdict]);
    const error: unknown = await redrive(letter(), desk).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) as string });
    expect((error as { action: string }).action).not.toBe('');
    expect(desk.redrives).toHaveLength(1);
  });

  it('of an edited letter takes the first id nobody has used, from its number of edits on', async () => {
    const desk = new Desk(['id_taken', 'id_taken']);
    await redrive(edited(signUp, { edits: 2 }), desk);
    expect(desk.ids).toEqual(['evt-1~e2', 'evt-1~e3', 'evt-1~e4']);
    expect(new Set(desk.redrives.map(({ inbox }) => inbox?.identity.toString('hex'))).size).toBe(3);
  });

  it('of an id that was used with another content begins with the first', async () => {
    const desk = new Desk(['id_taken']);
    await redrive(letter({ handler: null, errorCode: 'id_conflict' }), desk);
    expect(desk.ids).toEqual(['evt-1~e1', 'evt-1~e2']);
  });

  it('gives up after fifty ids', async () => {
    const desk = new Desk(Array.from({ length: 60 }, () => 'id_taken' as const));
    await expect(redrive(edited(signUp), desk)).rejects.toMatchObject({ code: 'redrive_refused' });
    expect(desk.ids.at(-1)).toBe('evt-1~e50');
  });
});

describe('an act of which nobody knows whether it was done', () => {
  const request = recordOf({ ...signUp, event_type: emailRequested.type, data: emailRequested.example });
  const unknown = letter({ errorCode: 'outcome_unknown', handler: 'send', record: request });
  const settle = (isDone: boolean, desk: Desk, one = unknown) =>
    settleUnknown(one, { isDone, by: 'ann', why: 'seen in the mailbox' }, registry, desk);

  it('is noted as done under the key all its attempts had, and not asked for again', async () => {
    const desk = new Desk();
    await settle(true, desk);
    const origin = { agent: 'greeter', handler: 'send', cause: eventCause('auth', 'evt-1') };
    const idempotencyKey = outputId(origin, 'act', '', 0);
    expect(desk.outcomes).toEqual([
      { letterId: 1n, idempotencyKey, isDone: true, by: 'ann', why: 'seen in the mailbox' },
    ]);
    expect(desk.redrives).toEqual([]);
  });

  it('goes back to its connector when it was not done', async () => {
    const desk = new Desk();
    await settle(false, desk);
    expect(desk.redrives).toMatchObject([
      { by: 'ann', rows: [{ kind: 'job', handler: 'send', redrives: 1 }] },
    ]);
  });

  it('that somebody else has settled is left as it is', async () => {
    const desk = new Desk();
    desk.isOpen = false;
    await expect(settle(false, desk)).rejects.toMatchObject({ code: 'letter_not_open' });
    expect(desk.redrives).toEqual([]);
  });

  it.each<[string, Partial<StoredLetter>]>([
    ['that failed', { errorCode: 'outbound_failed' }],
    ['that reached no handler', { handler: null }],
    ['without a source', { source: null }],
    ['without an event', { eventId: null }],
  ])('is not any dead letter: one %s is refused', async (_what, change) => {
    const desk = new Desk();
    await expect(settle(true, desk, { ...unknown, ...change })).rejects.toMatchObject({
      code: 'request_malformed',
      action: expect.stringContaining('effects unknown') as string,
    });
    expect(desk.outcomes).toEqual([]);
  });
});
