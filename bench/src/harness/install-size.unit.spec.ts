import { productionFolders, type Lock } from './install-size.js';

const lock: Lock = {
  'apps/door': { dependencies: { kit: '*', express: '5' } },
  'packages/kit': { dependencies: { pg: '8' } },
  'packages/other': { dependencies: { huge: '1' } },
  'node_modules/kit': { link: true, resolved: 'packages/kit' },
  'node_modules/express': { dependencies: { qs: '6' } },
  'node_modules/pg': {
    peerDependencies: { native: '1', types: '1' },
    peerDependenciesMeta: { native: { optional: true } },
  },
  'node_modules/native': {},
  'node_modules/types': { optionalDependencies: { express: '4', 'not-here': '1' } },
  'node_modules/types/node_modules/express': {},
  'node_modules/qs': { dependencies: { express: '5' } },
  'node_modules/huge': {},
};

describe('what a production installation holds', () => {
  it('is all that is needed, through workspaces and peers, and nothing of other workspaces', () => {
    expect([...productionFolders(lock, ['apps/door'])].sort()).toEqual([
      'apps/door',
      'node_modules/express',
      'node_modules/pg',
      'node_modules/qs',
      'node_modules/types',
      // The package's own, which hides the one further up.
      'node_modules/types/node_modules/express',
      'packages/kit',
    ]);
  });

  it('of several is that of each, once', () => {
    const both = productionFolders(lock, ['packages/kit', 'packages/other']);
    expect(both.has('node_modules/huge')).toBe(true);
    expect(both.has('node_modules/express')).toBe(false);
  });
});
