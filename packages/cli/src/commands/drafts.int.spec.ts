import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  draftApproved,
  draftCompleted,
  draftCreated,
  draftRejected,
  ticketResolutionRequested,
} from '@signalbox/contracts';
import { HttpReceiver, Installation, type HttpAnswer, type ReceivedRequest } from '@signalbox/test-kit';
import { runCli, runHere } from '../../test/run-cli.js';

const dataDir = mkdtempSync(join(tmpdir(), 'signalbox-cli-'));
let installation: Installation;
let env: Record<string, string>;
let notifier: HttpReceiver;

beforeAll(async () => {
  installation = await Installation.open();
  const { KAFKA_BROKERS, KAFKA_NAMESPACE } = installation.environment() as Record<string, string>;
  env = {
    KAFKA_BROKERS: KAFKA_BROKERS ?? '',
    KAFKA_NAMESPACE: KAFKA_NAMESPACE ?? '',
    SIGNALBOX_DATA_DIR: dataDir,
  };
  notifier = await HttpReceiver.start(answer);
});
afterAll(async () => {
  await notifier.close();
  await installation.close();
  rmSync(dataDir, { recursive: true });
});

const newDraft = async (data: Partial<typeof draftCreated.example> = {}): Promise<string> => {
  const draft_id = `draft-${randomUUID()}`;
  await installation.publish(draftCreated, { ...draftCreated.example, ...data, draft_id });
  return draft_id;
};
const drafts = (...args: string[]) => runCli(['drafts', ...args], env);
const statusOf = async (id: string): Promise<string> =>
  (JSON.parse((await drafts('show', id, '--json')).stdout) as { status: string }).status;

describe('signalbox drafts', () => {
  it('lists what waits, shows it and approves it in the words of the person', async () => {
    const id = await newDraft();
    const listed = await drafts('list');
    expect(listed.stdout).toContain(id);
    expect((await drafts('show', id)).stdout).toContain('we are sorry.');
    const path = join(dataDir, 'body.txt');
    writeFileSync(path, 'Dear Jane,\n\nI am on it.\n');
    const words = ['--subject', 'Sorry', '--body-file', path];
    const { code, stdout } = await drafts('approve', id, '--by', 'kim', '--note', 'Shorter.', ...words);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringContaining(`approved  ${id}`) as string,
    });
    const approval = (await installation.events(draftApproved)).find(({ data }) => data.draft_id === id);
    expect(approval).toMatchObject({
      data: {
        customer_id: 'cust_12345',
        by: 'kim',
        note: 'Shorter.',
        subject: 'Sorry',
        body_text: 'Dear Jane,\n\nI am on it.',
      },
      metadata: { source_service: 'signalbox-cli' },
    });
    const [draft] = (await installation.events(draftCreated)).filter(({ data }) => data.draft_id === id);
    expect(approval?.metadata).toMatchObject({
      correlation_id: draft?.metadata.correlation_id,
      causation_id: draft?.event_id,
    });
    expect(await statusOf(id)).toBe('approved');
    expect((await drafts('list')).stdout).not.toContain(id);
    expect((await drafts('list', '--all')).stdout).toContain(id);
    const again = await drafts('approve', id);
    expect(again.code).toBe(1);
    expect(again.stderr).toContain('is approved already by kim');
  });

  it('approves no draft without an address, and does once there is one', async () => {
    const id = await newDraft({ to: undefined, reason: 'address_unknown' });
    const { code, stderr } = await drafts('approve', id);
    expect(code).toBe(1);
    expect(stderr).toContain('The address of');
    await installation.publish(draftCompleted, { ...draftCompleted.example, draft_id: id });
    expect(await statusOf(id)).toBe('waiting');
    expect((await drafts('approve', id)).code).toBe(0);
  });

  it('rejects', async () => {
    const id = await newDraft();
    expect((await drafts('reject', id, '--by', 'kim', '--note', 'I have called her.')).code).toBe(0);
    const rejection = (await installation.events(draftRejected)).find(({ data }) => data.draft_id === id);
    expect(rejection?.data).toMatchObject({ by: 'kim', note: 'I have called her.' });
    expect(await statusOf(id)).toBe('rejected');
  });

  it('says that there is no such draft, or no such file', async () => {
    const none = await drafts('show', 'draft-none');
    expect(none.code).toBe(1);
    expect(none.stderr).toContain('error not_found: There is no draft draft-none.');
    const id = await newDraft();
    const { code, stderr } = await drafts('approve', id, '--body-file', join(dataDir, 'none.txt'));
    expect(code).toBe(1);
    expect(stderr).toContain('cannot be read');
  });
});

const ticket = (number: number, over: object = {}) => ({
  number,
  caseId: `case-${number}`,
  customerId: 'cust_1',
  customerName: 'Jane Doe',
  correlationId: `story-${number}`,
  subject: `Complaint ${number}`,
  bodyText: 'It is broken.',
  priority: 'high',
  link: 'https://twitter.com/x',
  createdAt: '2026-04-05T12:01:00.000Z',
  resolvedAt: null,
  resolvedBy: null,
  resolvedNote: null,
  ...over,
});
const done = { resolvedAt: '2026-04-05T13:00:00.000Z', resolvedBy: 'kim', resolvedNote: 'Replaced.' };
const comments = [{ bodyText: 'Again!', priority: 'urgent', createdAt: '2026-04-05T12:30:00.000Z' }];

/** The notifier's documented answers, for 250 tickets of which 1 is resolved. */
function answer({ path }: ReceivedRequest): HttpAnswer {
  const { pathname, searchParams } = new URL(path, 'http://notifier');
  const number = /^\/tickets\/(\d+)$/.exec(pathname)?.[1];
  if (number !== undefined) {
    if (Number(number) > 250) return { status: 404, body: '{"detail":"There is no ticket 999."}' };
    const body = { ...ticket(Number(number), number === '1' ? done : {}), comments };
    return { status: 200, body: JSON.stringify(body) };
  }
  const before = Number(searchParams.get('before') ?? 251);
  const limit = Number(searchParams.get('limit'));
  const numbers = Array.from({ length: before - 1 }, (_, n) => before - 1 - n).slice(0, limit);
  const last = numbers.at(-1) ?? 1;
  return {
    status: 200,
    body: JSON.stringify({ tickets: numbers.map((n) => ticket(n)), next: last > 1 ? last : null }),
  };
}

describe('signalbox tickets', () => {
  const tickets = (...args: string[]) => runHere(['tickets', ...args, '--url', notifier.origin]);

  it('lists, page after page', async () => {
    const { stdout } = await tickets('list', '--limit', '230', '--json');
    const numbers = (JSON.parse(stdout) as { number: number }[]).map(({ number }) => number);
    expect(numbers).toEqual(Array.from({ length: 230 }, (_, n) => 250 - n));
    expect((await tickets('list', '-n', '1')).stdout).toMatch(
      /^TICKET {2}PRIORITY .*\n {3}250 {2}high {6}open {4}2026-04-05 12:01 {2}cust_1 .*Complaint 250\n$/,
    );
  });

  it('shows a ticket with its comments', async () => {
    const { stdout } = await tickets('show', '1');
    expect(stdout).toContain('Ticket 1  ·  high  ·  resolved 2026-04-05 13:00 UTC by kim: Replaced.');
    expect(stdout).toContain('── comment of 2026-04-05 12:30 UTC\n\n  Again!');
  });

  it('asks for the resolution by an event in the story of the ticket', async () => {
    const words = ['--by', 'kim', '--note', 'Replaced.', '--json', '--url', notifier.origin];
    const { code, stdout } = await runCli(['tickets', 'resolve', '17', ...words], env);
    expect(code).toBe(0);
    const { event_id } = JSON.parse(stdout) as { event_id: string };
    const [request] = (await installation.events(ticketResolutionRequested)).filter(
      (event) => event.event_id === event_id,
    );
    expect(request).toMatchObject({
      data: { ticket_number: 17, customer_id: 'cust_1', by: 'kim', note: 'Replaced.' },
      metadata: { correlation_id: 'story-17' },
    });
  });

  it.each([
    [['resolve', '1'], 'Ticket 1 was resolved by kim already.'],
    [['show', '999'], 'error not_found: There is no ticket 999.'],
  ])('%j: %s', async (args, message) => {
    const { code, stderr } = await tickets(...args);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
  });
});
