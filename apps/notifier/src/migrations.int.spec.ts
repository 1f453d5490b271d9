import { inheritedEnvironment } from '@signalbox/config';
import { testStack } from '@signalbox/local-stack';
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const app = join(__dirname, '..');
const repository = join(app, '../..');
const cli = join(repository, 'infra/prisma/prisma.cjs');

let databaseUrl: string;
let copy: string;
beforeAll(async () => {
  ({ databaseUrl } = await testStack());
});
beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'prisma-'));
  cpSync(join(app, 'prisma'), join(copy, 'prisma'), { recursive: true });
  for (const name of ['package.json', 'prisma.config.ts']) cpSync(join(app, name), join(copy, name));
  symlinkSync(join(repository, 'node_modules'), join(copy, 'node_modules'));
});
afterEach(() => rmSync(copy, { recursive: true }));

const prisma = (...args: string[]): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [cli, ...args], {
    encoding: 'utf8',
    env: inheritedEnvironment({ DATABASE_URL: databaseUrl }),
  });

function changeModel(): void {
  const path = join(copy, 'prisma/schema.prisma');
  const text = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    text.replace(
      '@@map("mailbox_message")',
      'readAt DateTime? @map("read_at")\n\n  @@map("mailbox_message")',
    ),
  );
}

it('leads by its migrations to exactly the models (else: npm run db:migrate:new -- <name>)', () => {
  const { status, stdout, stderr } = prisma(app, 'check');
  expect({ status, stderr }).toEqual({ status: 0, stderr: expect.not.stringContaining('Error') as string });
  expect(stdout).toContain('No difference detected');
});

it('notices a model that no migration leads to', () => {
  changeModel();
  const { status, stdout } = prisma(copy, 'check');
  expect(status).toBe(2);
  expect(stdout).toContain('read_at');
});

it('writes the SQL of the next migration, and then there is nothing left to write', () => {
  changeModel();
  expect(prisma(copy, 'new', 'read_at').status).toBe(0);
  const folders = readdirSync(join(copy, 'prisma/migrations')).filter((name) => /^\d/.test(name));
  expect(folders).toEqual(['0001_mailbox', '0002_tickets', '0003_read_at']);
  const sql = readFileSync(join(copy, 'prisma/migrations/0003_read_at/migration.sql'), 'utf8');
  expect(sql).toContain('ALTER TABLE "mailbox_message" ADD COLUMN     "read_at" TIMESTAMP(3)');
  expect(prisma(copy, 'new', 'again').stdout).toContain('nothing to write');
});

it.each([[undefined], ['Read At'], ['../evil']])('refuses the name %j', (name) => {
  expect(prisma(copy, 'new', ...(name === undefined ? [] : [name])).status).toBe(2);
});

it('says so when no server answers, instead of calling it no difference', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, copy, 'check'], {
    encoding: 'utf8',
    env: inheritedEnvironment({ DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' }),
  });
  expect(status).toBe(1);
  expect(stdout + stderr).toMatch(/reach database server/i);
});
