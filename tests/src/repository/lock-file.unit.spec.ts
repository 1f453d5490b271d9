import { minVersion, satisfies } from 'semver';
import { readText } from '../support/repository.js';

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly license?: string;
  readonly hasInstallScript?: boolean;
  readonly engines?: Readonly<Record<string, string>>;
}

const lock = JSON.parse(readText('package-lock.json')) as {
  readonly lockfileVersion: number;
  readonly packages: Readonly<Record<string, LockedPackage>>;
};
const rootManifest = JSON.parse(readText('package.json')) as {
  readonly engines: { readonly node: string };
  readonly allowScripts: Readonly<Record<string, boolean>>;
};
const installed = Object.entries(lock.packages)
  .filter(([path, locked]) => path.includes('node_modules/') && !locked.link)
  .map(([path, locked]) => ({
    name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
    locked,
  }));

/** Asks for Node 22, but is only reached by `prisma dev`, which nothing here calls. */
const tooNew = ['@prisma/streams-local'];

describe('package-lock.json', () => {
  it('does not say where packages come from: that is a setting of the machine', () => {
    const urls = Object.values(lock.packages).filter(
      ({ resolved }) => resolved && /^[a-z+]+:/.test(resolved),
    );
    expect(urls).toEqual([]);
  });

  it('holds nothing that needs a newer Node than the oldest one we name', () => {
    const oldest = minVersion(rootManifest.engines.node)?.version ?? '';
    expect(oldest).toBe('20.19.0');
    const refused = installed
      .filter(({ locked }) => !satisfies(oldest, locked.engines?.node ?? '*'))
      .map(({ name }) => name);
    expect([...new Set(refused)].sort()).toEqual(tooNew);
  });

  it('has a decision for every package that wants to run a script at install', () => {
    const undecided = installed.filter(
      ({ name, locked }) => locked.hasInstallScript && !(name in rootManifest.allowScripts),
    );
    expect(undecided.map(({ name }) => name)).toEqual([]);
  });

  it('holds no licence that asks for more than attribution and notices', () => {
    const copyleft = installed.filter(({ locked }) => /\b(A|L)?GPL\b/.test(locked.license ?? ''));
    expect(copyleft.map(({ name, locked }) => `${name}: ${locked.license}`)).toEqual([]);
  });
});
