import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { testStack } from '@signalbox/local-stack';
import { RepositoryCopy, type RunResult } from '../../test/repository-copy.js';

const app = 'apps/agent-lead-scoring';
const limitMs = 600_000;

describe('npm run new:agent', () => {
  let copy: RepositoryCopy;
  let made: RunResult;
  let stack: Record<string, string>;
  beforeAll(async () => {
    const { kafkaBrokers, databaseUrl } = await testStack();
    stack = {
      SIGNALBOX_TEST_KAFKA_BROKERS: kafkaBrokers.join(','),
      SIGNALBOX_TEST_DATABASE_URL: databaseUrl,
    };
    copy = new RepositoryCopy();
    const events = ['--on', 'user.signed_up', '--on', 'lead.qualified'];
    made = await copy.run('.', 'npm', ['run', '--silent', 'new:agent', 'lead-scoring', '--', ...events]);
  }, limitMs);
  afterAll(() => copy.remove());

  const ok = { code: 0, output: expect.any(String) as string };
  const jest = (folder: string, ...args: string[]) =>
    copy.run(
      folder,
      'jest',
      ['--config', join(copy.dir, 'jest.preset.cjs'), '--rootDir', '.', ...args],
      stack,
    );

  it('says what it wrote and what comes next', () => {
    expect(made).toEqual(ok);
    expect(made.output).toContain('wrote apps/agent-lead-scoring/src/lead-scoring.decide.ts');
    expect(made.output).toMatch(
      /agent-lead-scoring listens to user.signed_up, lead.qualified and has port 31\d\d/,
    );
  });

  it(
    'makes an agent whose tests pass at once, in memory and on the real stack',
    async () => {
      const { code, output } = await jest(app);
      expect({ code, output }).toEqual(ok);
      expect(output).toContain('Tests:       7 passed, 7 total');
    },
    limitMs,
  );

  it(
    'keeps types, lint, format, boundaries and the compose file in order',
    async () => {
      expect(await copy.run(app, 'npm', ['run', '--silent', 'typecheck'])).toEqual(ok);
      expect(await copy.run(app, 'eslint', ['.'])).toEqual(ok);
      const changed = ['infra/apps.json', 'docker-compose.yml', app];
      expect(await copy.run('.', 'prettier', ['--check', ...changed])).toEqual(ok);
      const cruised = await copy.run('.', 'depcruise', ['--config', '.dependency-cruiser.cjs', app]);
      // What is wrong in the packages it imports is theirs.
      expect(cruised.output).toMatch(/modules, \d+ dependencies cruised/);
      expect(cruised.output).not.toMatch(/(error|warn) [\w-]+: apps\/agent-lead-scoring/);
      expect(await copy.run('.', 'knip', ['--workspace', app])).toEqual(ok);
      expect(await jest('infra/local', 'compose.unit')).toEqual(ok);
    },
    limitMs,
  );

  it('is linked as npm would do it', () => {
    const lock = JSON.parse(readFileSync(join(copy.dir, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, object>;
    };
    expect(lock.packages[app]).toMatchObject({ name: '@signalbox/agent-lead-scoring', version: '0.1.0' });
    expect(lock.packages['node_modules/@signalbox/agent-lead-scoring']).toEqual({
      resolved: app,
      link: true,
    });
    expect(existsSync(join(copy.dir, 'node_modules/@signalbox/agent-lead-scoring/package.json'))).toBe(true);
  });

  it.each([
    [['lead-scoring', '--on', 'lead.qualified'], 'There is an app agent-lead-scoring already'],
    [['Lead Scoring', '--on', 'lead.qualified'], 'is no name for an agent'],
    [['churn', '--on', 'user.singed_up'], 'Did you mean user.signed_up?'],
    [['churn', '--on', 'agent.activity'], 'would feed itself'],
    [['churn'], "required option '--on <event type>' not specified"],
  ])(
    'refuses %j and writes nothing',
    async (args, message) => {
      const before = await copy.run('.', 'find', [
        'apps',
        'infra',
        '-newer',
        `${app}/package.json`,
        '-name',
        '*.json',
      ]);
      const { code, output } = await copy.run('.', 'npm', ['run', '--silent', 'new:agent', '--', ...args]);
      expect(code).not.toBe(0);
      expect(output).toContain(message);
      const after = await copy.run('.', 'find', [
        'apps',
        'infra',
        '-newer',
        `${app}/package.json`,
        '-name',
        '*.json',
      ]);
      expect(after).toEqual(before);
      expect(existsSync(join(copy.dir, 'apps/agent-churn'))).toBe(false);
    },
    limitMs,
  );
});
