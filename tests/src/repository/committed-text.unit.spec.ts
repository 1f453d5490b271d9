import { readText, trackedFiles } from '../support/repository.js';

const textFile =
  /\.(ts|tsx|mjs|cjs|js|json|md|ya?ml|sql|prisma|xml|sh|txt|toml|html|css|env|example)$|(^|\/)[^./]+$|(^|\/)\.[^./]+$/;

/** Written in pieces, so that this file does not hold what it looks for. */
const forbidden: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a package registry', /registry[.]npm[j]s|npm[.]pkg[.]gith[u]b|registry[.]y[a]rnpkg/i],
  ['a registry of Java artefacts', /repo1?[.](apache[.])?m[a]ven|m[a]ven[.]apache[.]org\/maven2/i],
  [
    'a registry of another language',
    /p[y]pi[.]org|pythonh[o]sted[.]org|proxy[.]gol[a]ng|cr[a]tes[.]io|rubyg[e]ms[.]org/i,
  ],
  ['a mirror of operating system packages', /deb[.]debi[a]n[.]org|archive[.]ubun[t]u[.]com/i],
  [
    'a path of one machine',
    /(^|[\s"'`(=:])\/(w[o]rk|r[o]ot|Us[e]rs\/[a-z]|h[o]me\/(?!node\b)[a-z])[a-z]*\//m,
  ],
];

const files = trackedFiles().filter((path) => textFile.test(path));

describe('what is committed', () => {
  it.each(forbidden)('does not name %s', (_what, pattern) => {
    expect(files.filter((path) => pattern.test(readText(path)))).toEqual([]);
  });

  it.each([
    ['registry of npm', `https://registry.${'npm'}js.org/x`, 0],
    ['repository of Maven', `https://repo1.${'maven'}.org/maven2`, 1],
    ['home folder', `see /${'home'}/jane/signalbox`, 4],
    ['root folder', `"/${'root'}/.m2"`, 4],
  ])('is searched with patterns that find a %s', (_what, text, index) => {
    expect(forbidden[index]?.[1].test(text)).toBe(true);
  });

  it('has no local settings, data or build output', () => {
    expect(
      trackedFiles().filter((path) =>
        /(^|\/)(node_modules|dist|generated|\.signalbox|\.env)(\/|$)/.test(path),
      ),
    ).toEqual([]);
  });
});
