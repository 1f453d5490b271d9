import { catalogue } from '@signalbox/contracts';
import * as contracts from '@signalbox/contracts';
import { readText, trackedFiles } from '../support/repository.js';

/** Name of the event type by the constant that declares it. */
const typeOf = new Map(
  Object.entries(contracts).flatMap(([constant, value]) =>
    [...catalogue.values()].includes(value as contracts.AnyContract)
      ? [[constant, (value as contracts.AnyContract).type] as const]
      : [],
  ),
);
const sources = trackedFiles().flatMap((path) => {
  const [, app = ''] = /^apps\/([^/]+)\/src\/.+\.ts$/.exec(path) ?? [];
  const isCode = app !== '' && !/\.spec\.ts$/.test(path);
  return isCode ? [{ name: app.replace(/^agent-/, ''), text: readText(path) }] : [];
});
const apps = new Set(sources.map(({ name }) => name));

/** `event type ← app` for every contract that stands as the first argument of one of these calls in an app. */
function named(call: RegExp): string[] {
  const pairs = sources.flatMap(({ name, text }) =>
    [...text.matchAll(call)].flatMap(([, constant = '']) => {
      const type = typeOf.get(constant);
      return type === undefined ? [] : [`${type} ← ${name}`];
    }),
  );
  return [...new Set(pairs)].sort();
}

const declared = (list: 'consumers' | 'publishers'): string[] =>
  [...catalogue.values()]
    .flatMap((contract) => contract[list].map((name) => ({ type: contract.type, name })))
    .filter(({ name }) => apps.has(name))
    .map(({ type, name }) => `${type} ← ${name}`)
    .sort();

describe('a contract names', () => {
  it('the apps whose handlers read it, and no other', () => {
    const read = named(/@(?:On|Perform)\(\s*(\w+)/g);
    expect(read.length).toBeGreaterThan(20);
    expect(declared('consumers')).toEqual(read);
  });

  it('the apps that emit it', () => {
    const emitted = named(/\bemit\(\s*(\w+)/g);
    expect(emitted.length).toBeGreaterThan(20);
    expect(declared('publishers')).toEqual(expect.arrayContaining(emitted));
  });
});
