import { createDatabase, createPool, migrate, type Pool } from '@signalbox/agent-kit-postgres';
import { testStack } from '@signalbox/local-stack';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { PrismaClient } from '../generated/prisma/client.js';
import { Mailbox, type NewMailboxMessage } from './mailbox.js';
import { openPrisma } from './prisma.js';

let pool: Pool;
let prisma: PrismaClient;
let mailbox: Mailbox;
beforeAll(async () => {
  const { databaseUrl } = await testStack();
  const url = await createDatabase(databaseUrl, `mailbox_${randomBytes(5).toString('hex')}`);
  await migrate(url, 'notifier', [join(__dirname, '../../prisma/migrations')]);
  pool = createPool({
    url,
    schema: 'notifier',
    max: 3,
    onError: () => undefined,
  });
  prisma = openPrisma(pool, 'notifier');
  mailbox = new Mailbox(prisma);
});
afterAll(async () => {
  await prisma?.$disconnect();
  await pool?.end();
});
beforeEach(() => prisma.mailboxMessage.deleteMany());

const message = (key: string, changes: Partial<NewMailboxMessage> = {}): NewMailboxMessage => ({
  idempotencyKey: key,
  requestId: `request ${key}`,
  correlationId: 'story-1',
  channel: 'email',
  recipient: 'jane@example.com',
  subject: 'Welcome',
  bodyText: 'Hello',
  content: { html: '<p>Hello</p>' },
  ...changes,
});

it('keeps a message once, however often and however concurrently it is put', async () => {
  await Promise.all(Array.from({ length: 8 }, () => mailbox.put(message('a'))));
  const [kept, ...more] = await mailbox.list({ limit: 10 });
  expect(more).toEqual([]);
  expect(kept).toMatchObject({ ...message('a'), createdAt: expect.any(Date) as unknown });
});

it('lists newest first, by channel, and goes on below an id', async () => {
  for (const key of ['a', 'b', 'c', 'd']) {
    await mailbox.put(message(key, { channel: key === 'b' ? 'slack' : 'email' }));
  }
  const keys = async (query: Parameters<Mailbox['list']>[0]): Promise<string[]> =>
    (await mailbox.list(query)).map(({ idempotencyKey }) => idempotencyKey);
  expect(await keys({ limit: 10 })).toEqual(['d', 'c', 'b', 'a']);
  expect(await keys({ limit: 10, channel: 'slack' })).toEqual(['b']);
  const [newest] = await mailbox.list({ limit: 1 });
  expect(await keys({ limit: 2, before: newest?.id ?? 0n })).toEqual(['c', 'b']);
});

it('keeps what no column takes as far as it fits', async () => {
  await mailbox.put(
    message('a', {
      subject: `a\u0000${'x'.repeat(2_000)}`,
      recipient: 'r'.repeat(400),
      bodyText: '\u0000',
      content: null,
    }),
  );
  const [kept] = await mailbox.list({ limit: 1 });
  expect(kept).toMatchObject({ subject: `a${'x'.repeat(1_023)}`, bodyText: '', content: null });
  expect(kept?.recipient).toHaveLength(320);
});

it('lives in the schema and on the connections of the app', async () => {
  const { rows } = await pool.query<{ schemaname: string }>(
    `SELECT schemaname FROM pg_tables WHERE tablename = 'mailbox_message'`,
  );
  expect(rows).toEqual([{ schemaname: 'notifier' }]);
  const { rows: clients } = await pool.query<{ application_name: string }>(
    // The server's own processes visit every database now and then.
    `SELECT DISTINCT application_name FROM pg_stat_activity
     WHERE datname = current_database() AND backend_type = 'client backend'`,
  );
  expect(clients).toEqual([{ application_name: 'signalbox notifier' }]);
});
