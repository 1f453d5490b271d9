import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryDir } from '../paths.js';
import { removeTemporaryDirs, temporaryDir } from '../testing/temporary-dir.js';
import { readAppList } from './app-list.js';

describe('infra/apps.json', () => {
  afterAll(removeTemporaryDirs);
  const apps = readAppList();

  it('names every app of the repository', () => {
    expect(apps.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['gateway', 'agent-ops', 'notifier']),
    );
    for (const { workspace, name } of apps) {
      const manifest = JSON.parse(readFileSync(join(repositoryDir, workspace, 'package.json'), 'utf8')) as {
        name: string;
      };
      expect(manifest.name).toBe(`@signalbox/${name}`);
      expect(existsSync(join(repositoryDir, workspace, 'tsconfig.build.json'))).toBe(true);
    }
  });

  it('gives no port and no name twice', () => {
    expect(new Set(apps.map(({ port }) => port)).size).toBe(apps.length);
    expect(new Set(apps.map(({ name }) => name)).size).toBe(apps.length);
  });

  it('calls the app of an agent after the agent', () => {
    for (const { name, agent } of apps.filter((app) => app.agent !== undefined)) {
      expect([`agent-${agent}`, agent]).toContain(name);
    }
  });

  it('is refused with the entry that is wrong', () => {
    const path = join(temporaryDir('apps'), 'apps.json');
    writeFileSync(path, JSON.stringify({ $comment: '', apps: [{ ...apps[0], port: 0 }] }));
    expect(() => readAppList(path)).toThrow(
      expect.objectContaining({ code: 'config_invalid', message: expect.stringContaining('apps.0.port') }),
    );
  });
});
