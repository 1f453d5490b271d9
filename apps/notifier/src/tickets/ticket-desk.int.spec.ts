import { createDatabase, createPool, migrate, type Pool } from '@signalbox/agent-kit-postgres';
import { ticketCommentRequested, ticketRequested } from '@signalbox/contracts';
import { testStack } from '@signalbox/local-stack';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { PrismaClient } from '../generated/prisma/client.js';
import { openPrisma } from '../mailbox/prisma.js';
import { TicketDesk } from './ticket-desk.js';

let pool: Pool;
let prisma: PrismaClient;
let desk: TicketDesk;
beforeAll(async () => {
  const { databaseUrl } = await testStack();
  const url = await createDatabase(databaseUrl, `tickets_${randomBytes(4).toString('hex')}`);
  await migrate(url, 'notifier', [join(__dirname, '..', '..', 'prisma', 'migrations')]);
  pool = createPool({ url, schema: 'notifier', max: 8, onError: () => undefined });
  prisma = openPrisma(pool, 'notifier');
  desk = new TicketDesk(prisma);
});
afterAll(async () => {
  await prisma?.$disconnect();
  await pool?.end();
});

let nextCase = 0;
const caseId = (): string => `case-${(nextCase += 1)}`;
const ticket = (case_id: string, changes: Partial<typeof ticketRequested.example> = {}) => ({
  ...ticketRequested.example,
  case_id,
  ...changes,
});
const comment = (case_id: string, body_text: string, priority?: 'urgent' | 'high' | 'low') => ({
  case_id,
  customer_id: ticketCommentRequested.example.customer_id,
  body_text,
  ...(priority === undefined ? {} : { priority }),
});
const { customer_id } = ticketRequested.example;
const resolution = (ticket_number: number, by = 'sam') => ({ ticket_number, customer_id, by });
const now = new Date('2026-04-05T12:00:00.000Z');

it('opens one ticket for a case, however often and at once it is asked for', async () => {
  const id = caseId();
  const opened = await Promise.all(
    Array.from({ length: 8 }, () => desk.open(ticket(id, { priority: 'high' }), 'story-1')),
  );
  expect(new Set(opened.map(({ number }) => number)).size).toBe(1);
  expect(opened[0]).toMatchObject({
    caseId: id,
    priority: 'high',
    resolvedAt: null,
    correlationId: 'story-1',
  });
  expect(await prisma.ticket.count({ where: { caseId: id } })).toBe(1);
});

it('keeps a comment once, and lets it raise the priority but never lower it', async () => {
  const id = caseId();
  await desk.open(ticket(id, { priority: 'normal' }), 'story-1');
  await desk.comment(comment(id, 'again', 'high'), `${id}-1`);
  await desk.comment(comment(id, 'again', 'high'), `${id}-1`);
  const after = await desk.comment(comment(id, 'and again', 'low'), `${id}-2`);
  expect(after?.priority).toBe('high');
  const file = await desk.find(after?.number ?? 0);
  expect(file?.comments.map(({ bodyText }) => bodyText)).toEqual(['again', 'and again']);
});

it('takes comments that come before their ticket', async () => {
  const id = caseId();
  expect(await desk.comment(comment(id, 'early', 'urgent'), `${id}-1`)).toBeNull();
  const opened = await desk.open(ticket(id, { priority: 'normal' }), 'story-1');
  expect(opened.priority).toBe('urgent');
  expect((await desk.find(opened.number))?.comments).toHaveLength(1);
});

it('comes to the highest priority when ticket and comments arrive at the same time', async () => {
  for (let round = 0; round < 20; round += 1) {
    const id = caseId();
    await Promise.all([
      desk.open(ticket(id, { priority: 'low' }), 'story-1'),
      desk.comment(comment(id, 'a', 'high'), `${id}-1`),
      desk.comment(comment(id, 'b', 'urgent'), `${id}-2`),
    ]);
    expect(await prisma.ticket.findUnique({ where: { caseId: id } })).toMatchObject({ priority: 'urgent' });
  }
});

it('resolves once: the same request again gets the same answer, another one none', async () => {
  const { number } = await desk.open(ticket(caseId()), 'story-1');
  const resolved = await desk.resolve({ ...resolution(number), note: 'Replaced.' }, 'key-1', now);
  expect(resolved).toMatchObject({ resolvedBy: 'sam', resolvedNote: 'Replaced.', resolvedAt: now });
  expect(await desk.resolve(resolution(number), 'key-1', new Date())).toEqual(resolved);
  expect(await desk.resolve(resolution(number, 'kim'), 'key-2', new Date())).toBeUndefined();
});

it('refuses a number without a ticket, and one of another customer', async () => {
  const { number } = await desk.open(ticket(caseId()), 'story-1');
  const notFound = expect.objectContaining({ code: 'not_found' }) as Error;
  await expect(desk.resolve(resolution(2_000_000_000), 'key-3', now)).rejects.toThrow(notFound);
  await expect(desk.resolve({ ...resolution(number), customer_id: 'other' }, 'key-4', now)).rejects.toThrow(
    notFound,
  );
  expect(await desk.find(2_000_000_000)).toBeUndefined();
});

it('lists by status, newest first, a page at a time', async () => {
  const open = await desk.open(ticket(caseId()), 'story-1');
  const done = await desk.open(ticket(caseId()), 'story-1');
  await desk.resolve(resolution(done.number), `key-${done.number}`, now);
  const numbers = async (query: Parameters<TicketDesk['list']>[0]): Promise<number[]> =>
    (await desk.list(query)).map(({ number }) => number);
  expect((await numbers({ limit: 2 })).slice(0, 2)).toEqual([done.number, open.number]);
  expect(await numbers({ status: 'open', limit: 200 })).not.toContain(done.number);
  expect(await numbers({ status: 'resolved', limit: 200 })).toContain(done.number);
  expect((await numbers({ before: done.number, limit: 1 }))[0]).toBe(open.number);
});

it('takes texts with U+0000, which PostgreSQL cannot store', async () => {
  const opened = await desk.open(ticket(caseId(), { body_text: 'a\u0000b' }), 'story-1');
  expect(opened.bodyText).toBe('ab');
});
