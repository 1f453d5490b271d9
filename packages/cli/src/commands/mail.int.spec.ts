import { HttpReceiver, type HttpAnswer, type ReceivedRequest } from '@signalbox/test-kit';
import { jsonLines, runHere } from '../../test/run-cli.js';

type Message = ReturnType<typeof message>;

const message = (id: number, channel = 'email') => ({
  id: String(id),
  channel,
  recipient: channel === 'email' ? 'jane.doe@example.com' : 'on-call',
  subject: `Subject ${id}`,
  bodyText: `Hello,\n\nthis is number ${id}.`,
  correlationId: `corr-${id}`,
  requestId: `request-${id}`,
  content: {},
  createdAt: new Date(Date.UTC(2026, 3, 5, 12, 1, id)).toISOString(),
});

let notifier: HttpReceiver;
let mailbox: Message[];

/** The notifier's documented answers: newest first, `before` and `limit`, the id to go on with. */
function answer({ path }: ReceivedRequest): HttpAnswer {
  const { searchParams } = new URL(path, 'http://notifier');
  const [before, limit, channel] = ['before', 'limit', 'channel'].map((name) => searchParams.get(name));
  const fitting = mailbox
    .filter((each) => before === null || Number(each.id) < Number(before))
    .filter((each) => channel === null || each.channel === channel)
    .sort((a, b) => Number(b.id) - Number(a.id));
  const messages = fitting.slice(0, Number(limit));
  const next = fitting.length > messages.length ? messages.at(-1)?.id : null;
  return { status: 200, body: JSON.stringify({ messages, next }) };
}

beforeAll(async () => {
  notifier = await HttpReceiver.start(answer);
});
beforeEach(() => {
  notifier.reset();
  mailbox = [message(1), message(2, 'slack'), message(3, 'pagerduty')];
});
afterAll(() => notifier.close());

const mail = (...args: string[]): ReturnType<typeof runHere> =>
  runHere(['mail', '--url', notifier.origin, ...args]);

describe('signalbox mail', () => {
  it('shows the messages in the order they came', async () => {
    const { code, stdout } = await mail();
    expect(code).toBe(0);
    const heads = stdout.split('\n').filter((line) => line.includes('story'));
    expect(heads).toEqual([
      'Mail to jane.doe@example.com  ·  2026-04-05 12:01:01.000 UTC  ·  story corr-1',
      'Slack to on-call  ·  2026-04-05 12:01:02.000 UTC  ·  story corr-2',
      'PagerDuty to on-call  ·  2026-04-05 12:01:03.000 UTC  ·  story corr-3',
    ]);
    expect(stdout).toContain('Subject 1\n\n  Hello,\n\n  this is number 1.');
  });

  it('is one JSON document with --json', async () => {
    const { stdout } = await mail('--json');
    expect((JSON.parse(stdout) as Message[]).map(({ id }) => id)).toEqual(['1', '2', '3']);
  });

  it('keeps to the channel and the number that are asked for', async () => {
    expect((await mail('--channel', 'slack')).stdout.match(/Subject/g)).toHaveLength(1);
    expect((await mail('--limit', '2')).stdout).not.toContain('Subject 1');
  });

  it('turns pages', async () => {
    mailbox = Array.from({ length: 450 }, (_, at) => message(at + 1));
    const { stdout } = await mail('--limit', '420', '--json');
    const ids = (JSON.parse(stdout) as Message[]).map(({ id }) => Number(id));
    expect(ids).toEqual(Array.from({ length: 420 }, (_, at) => at + 31));
    expect(notifier.requests.all).toHaveLength(3);
  });

  it('says that the mailbox is empty', async () => {
    mailbox = [];
    expect((await mail()).stdout).toBe('The mailbox is empty.\n');
  });

  it('goes on with what comes until it is told to stop', async () => {
    const stopping = new AbortController();
    const running = runHere(['mail', '--follow', '--json', '--url', notifier.origin], stopping);
    await notifier.requests.waitFor(1);
    mailbox.push(message(4));
    const seen = notifier.requests.all.length;
    await notifier.requests.waitFor(seen + 2);
    stopping.abort();
    const result = await running;
    expect(jsonLines<Message>(result).map(({ id }) => id)).toEqual(['1', '2', '3', '4']);
    expect(result.code).toBe(0);
  });

  it('says why there is nothing to read', async () => {
    notifier.answerNext({
      status: 404,
      body: '{"code":"not_found","detail":"Every channel has settings: no local mailbox."}',
    });
    const { code, stderr } = await mail();
    expect(code).toBe(1);
    expect(stderr).toContain('error not_found: Every channel has settings: no local mailbox.');
  });

  it('says when the notifier does not answer', async () => {
    const { code, stderr } = await runHere(['mail', '--url', 'http://127.0.0.1:1']);
    expect(code).toBe(1);
    expect(stderr).toContain('error outbound_failed: The notifier does not answer at http://127.0.0.1:1.');
  });
});
