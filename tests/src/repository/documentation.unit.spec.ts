import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { faultOf, helpTexts, signalboxCalls } from '../support/command-help.js';
import {
  anchorsOf,
  fencedLines,
  inlineCode,
  localLinks,
  markdownFiles,
  quotedFiles,
} from '../support/markdown.js';
import { readManifest, readText, root, workspaces } from '../support/repository.js';

const shell = ['sh', 'shell', 'bash', 'console'];
const documents = markdownFiles();
const commands = documents.flatMap((file) =>
  [...fencedLines(readText(file), shell), ...inlineCode(readText(file))].map((line) => ({ file, line })),
);

describe('the documentation', () => {
  it('has its main pages', () => {
    expect(documents).toEqual(
      expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'docs/ARCHITECTURE.md', 'docs/GLOSSARY.md']),
    );
  });

  it.each(documents)('%s links only to what exists', (file) => {
    const broken = localLinks(file).filter(
      ({ path, anchor }) =>
        !existsSync(join(root, path)) ||
        (anchor !== undefined && path.endsWith('.md') && !anchorsOf(path).has(anchor)),
    );
    expect(broken).toEqual([]);
  });

  it('quotes files as they are', () => {
    const quotes = documents.flatMap((file) => quotedFiles(readText(file)));
    expect(quotes.length).toBeGreaterThan(0);
    for (const { path, text } of quotes) expect({ path, text }).toEqual({ path, text: readText(path) });
  });

  it('names only npm scripts that exist', () => {
    const missing = commands.flatMap(({ file, line }) =>
      npmScripts(line)
        .filter(({ script, workspace }) => !scriptsOf(workspace, file).has(script))
        .map(({ script }) => `${file}: ${script}`),
    );
    expect(missing).toEqual([]);
  });

  it('names only commands and options of signalbox that exist', () => {
    const calls = commands.flatMap(({ file, line }) => signalboxCalls(line).map((call) => ({ file, call })));
    const helps = helpTexts(calls.map(({ call }) => call.words));
    const faults = calls.map(({ file, call }, at) => ({ file, fault: faultOf(call, helps[at] ?? '') }));
    expect(calls.length).toBeGreaterThan(5);
    expect(faults.filter(({ fault }) => fault !== undefined)).toEqual([]);
  });

  it.each([
    ['signalbox nonsense', 'signalbox nonsense: no such command'],
    ['npx signalbox webhooks nonsense', 'signalbox webhooks nonsense: no such command'],
    [
      'signalbox send service_down --nonsense',
      'signalbox send service_down --nonsense: no option --nonsense',
    ],
    ['npx signalbox send service_down --count 3 && signalbox story x --json', undefined],
  ])('judges `%s`', (line, fault) => {
    const calls = signalboxCalls(line);
    const helps = helpTexts(calls.map(({ words }) => words));
    expect(calls.map((call, at) => faultOf(call, helps[at] ?? '')).find((one) => one)).toBe(fault);
  });

  it('reads npm scripts from command lines', () => {
    expect(npmScripts('FORCE=1 npm run reference -w @signalbox/errors && npm test -- codec')).toEqual([
      { script: 'reference', workspace: '@signalbox/errors' },
      { script: 'test', workspace: undefined },
    ]);
    expect(npmScripts('npm run --silent bench -- agent --json | jq .ratios')).toEqual([
      { script: 'bench', workspace: undefined },
    ]);
  });
});

interface ScriptCall {
  readonly script: string;
  readonly workspace: string | undefined;
}

function npmScripts(line: string): ScriptCall[] {
  return line.split(/&&|\|\||;|\|/).flatMap((part) => {
    const [, script] =
      /\bnpm (?:run (?:--[\w-]+ )*)?(start|test|(?<=run (?:--[\w-]+ )*)\w[\w:-]*)/.exec(part) ?? [];
    const [, workspace] = /(?:-w|--workspace)[ =](\S+)/.exec(part) ?? [];
    return script === undefined ? [] : [{ script, workspace }];
  });
}

/** Scripts a call can mean: of the root and the document's own workspace, or of the one it names (`<app>`: of any). */
function scriptsOf(workspace: string | undefined, document: string): Set<string> {
  const all = workspaces();
  const meant = workspace?.includes('<')
    ? all
    : all.filter(({ manifest: { name }, folder }) =>
        workspace ? name === workspace || folder === workspace : document.startsWith(`${folder}/`),
      );
  const manifests = [...meant.map(({ manifest }) => manifest), ...(workspace ? [] : [readManifest('.')])];
  return new Set(manifests.flatMap(({ scripts }) => Object.keys(scripts ?? {})));
}
