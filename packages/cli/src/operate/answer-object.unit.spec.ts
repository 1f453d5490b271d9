import type { SignalboxError } from '@signalbox/errors';
import { HttpReceiver, type HttpAnswer } from '@signalbox/test-kit';
import { gatewayTakes } from '../sources/gateway-takes.js';
import { readMailbox, readNewMail } from '../story/mailbox-client.js';
import { readTicket, readTickets } from '../tickets/ticket-client.js';
import { ask } from './control-client.js';

/** What a command asks other processes, each by the address of who answers. */
const questions = {
  'the control API': (origin: string) => ask(new URL('/control/keys', origin), {}, 'token', 'agent ops'),
  'the mailbox': (origin: string) => readMailbox(origin, { limit: 5 }),
  'new mail': (origin: string) => readNewMail(origin, undefined, '7'),
  'the tickets': (origin: string) => readTickets(origin, { status: 'open', limit: 5 }),
  'one ticket': (origin: string) => readTicket(origin, 7),
} as const;
const names = Object.keys(questions) as (keyof typeof questions)[];
const each = <T>(rows: readonly T[]): [keyof typeof questions, T][] =>
  names.flatMap((name) => rows.map((row): [keyof typeof questions, T] => [name, row]));

let receiver: HttpReceiver;
let answer: HttpAnswer;
beforeAll(async () => {
  receiver = await HttpReceiver.start(() => answer);
});
beforeEach(() => receiver.reset());
afterAll(() => receiver.close());

const refusal = async (name: keyof typeof questions, given: HttpAnswer): Promise<SignalboxError> => {
  answer = given;
  return questions[name](receiver.origin).then(
    () => {
      throw new Error('it was answered');
    },
    (error: unknown) => error as SignalboxError,
  );
};

describe('who says yes and is somebody else', () => {
  it.each(each(['<html>It works!</html>', '', 'null', '7', '"text"', '{"cut in the mid']))(
    'is told from %s: %j',
    async (name, body) => {
      const error = await refusal(name, { status: 200, body });
      expect(error).toMatchObject({ code: 'outbound_failed', action: expect.stringContaining('address') });
      expect(error.message).toMatch(/^What answers at http:\S+ is not (agent ops|the notifier): it sent no /);
    },
  );

  it.each([
    ['the mailbox', 'messages'],
    ['new mail', 'messages'],
    ['the tickets', 'tickets'],
  ] as const)('is told from %s by the list it does not send', async (name, list) => {
    for (const body of ['{}', `{"${list}":null}`, `{"${list}":{"0":1}}`, '[]']) {
      const error = await refusal(name, { status: 200, body });
      expect(error.message).toContain(`is not the notifier: it sent no list of ${list}.`);
    }
  });
});

describe('who says no', () => {
  it.each(each([null, 7, 'no', '<html>']))(
    '%s: is told by its status when it says %j',
    async (name, said) => {
      const body = said === '<html>' ? said : JSON.stringify(said);
      const error = await refusal(name, { status: 503, body });
      expect(error).toMatchObject({
        code: 'outbound_failed',
        message: expect.stringMatching(/answered (with status )?503\.$/) as string,
      });
    },
  );

  it.each(names)('%s: is quoted, and what it does not have is not found', async (name) => {
    const body = JSON.stringify({ code: 'not_found', detail: 'Nothing of that name.' });
    expect(await refusal(name, { status: 404, body })).toMatchObject({
      code: 'not_found',
      message: 'Nothing of that name.',
    });
  });

  it.each(names)('%s: says where nobody answers', async (name) => {
    receiver.cutNext();
    expect(await refusal(name, { status: 200 })).toMatchObject({
      code: 'outbound_failed',
      message: expect.stringContaining(`does not answer at ${receiver.origin}`) as string,
      action: expect.stringContaining('npm start') as string,
    });
  });
});

describe('new mail', () => {
  const message = (id: number) => ({ id: String(id), channel: 'email' });

  it('is what came after the last one seen, the oldest first', async () => {
    answer = { status: 200, body: JSON.stringify({ messages: [12, 11, 10, 9].map(message), next: null }) };
    const idsAfter = async (id: string | undefined) =>
      (await readNewMail(receiver.origin, 'email', id)).map((one) => one.id);
    expect(await idsAfter('9')).toEqual(['10', '11', '12']);
    expect(await idsAfter('12')).toEqual([]);
    expect(await idsAfter(undefined)).toEqual(['9', '10', '11', '12']);
    expect(receiver.requests.all[0]?.path).toBe('/mailbox?limit=200&channel=email');
  });

  it('is all of it, however much came since', async () => {
    const pages = [
      { messages: [500, 499].map(message), next: '499' },
      { messages: [498, 497].map(message), next: '497' },
      { messages: [496, 495].map(message), next: '495' },
    ];
    for (const page of pages) receiver.answerNext({ status: 200, body: JSON.stringify(page) });
    const found = await readNewMail(receiver.origin, undefined, '496');
    expect(found.map(({ id }) => id)).toEqual(['497', '498', '499', '500']);
    expect(receiver.requests.all.map(({ path }) => path)).toEqual([
      '/mailbox?limit=200',
      '/mailbox?limit=200&before=499',
      '/mailbox?limit=200&before=497',
    ]);
  });

  it('is none when the mailbox is empty, and ends where its pages end', async () => {
    const body = (messages: readonly object[], next: string | null) => ({
      status: 200,
      body: JSON.stringify({ messages, next }),
    });
    answer = body([], null);
    expect(await readNewMail(receiver.origin, undefined, '1')).toEqual([]);
    answer = body([message(3)], null);
    expect(await readNewMail(receiver.origin, undefined, '1')).toHaveLength(1);
    answer = body([], '9'); // says that there is more and gives none
    expect(await readNewMail(receiver.origin, undefined, '1')).toEqual([]);
  });
});

describe('whether the gateway takes an address', () => {
  it('is known as soon as it says which method it takes', async () => {
    answer = { status: 405 };
    receiver.answerNext({ status: 404 }, 2);
    receiver.cutNext();
    expect(await gatewayTakes(`${receiver.origin}/webhooks/shop`)).toBe(true);
    expect(receiver.requests.all.map(({ method, status }) => `${method} ${status}`)).toEqual([
      'PUT 404',
      'PUT 404',
      'PUT 0',
      'PUT 405',
    ]);
  });
});
