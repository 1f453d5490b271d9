import { dirname, join, normalize } from 'node:path';
import { readText, trackedFiles } from './repository.js';

export const markdownFiles = (): string[] => trackedFiles().filter((path) => path.endsWith('.md'));

const fences = /^```(\w*)[^\n]*\n([\s\S]*?)^```/gm;

/** Lines of the fenced blocks of a language, without comments and prompts. */
export function fencedLines(markdown: string, languages: readonly string[]): string[] {
  return [...markdown.matchAll(fences)]
    .filter(([, language]) => languages.includes(language ?? ''))
    .flatMap(([, , body]) => (body ?? '').split('\n'))
    .map((line) =>
      line
        .replace(/^\$ /, '')
        .replace(/\s+#.*$/, '')
        .trim(),
    )
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** Code in the prose that looks like a command line. */
export function inlineCode(markdown: string): string[] {
  return [...markdown.replace(fences, '').matchAll(/`((?:npm|npx|signalbox) [^`\n]+)`/g)].map(
    ([, code]) => code ?? '',
  );
}

/** Code blocks that name the file they quote in a comment on their first line. */
export function quotedFiles(markdown: string): { readonly path: string; readonly text: string }[] {
  return [...markdown.matchAll(fences)].flatMap(([, , body = '']) => {
    const [, path] = /^(?:\/\/|#) (\S+\.(?:ts|java|py|go|sh))\n/.exec(body) ?? [];
    return path === undefined ? [] : [{ path, text: body.slice(body.indexOf('\n') + 1) }];
  });
}

export interface Link {
  readonly from: string;
  /** Path from the root, or undefined for a link into the same file. */
  readonly path: string;
  readonly anchor?: string;
}

/** The links of a file that lead into the repository. */
export function localLinks(file: string): Link[] {
  const prose = readText(file)
    .replace(fences, '')
    .replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target ?? '')
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [path = '', anchor] = target.split('#');
      const resolved = path === '' ? file : normalize(join(dirname(file), path));
      return anchor === undefined ? { from: file, path: resolved } : { from: file, path: resolved, anchor };
    });
}

/** The anchors GitHub makes of a file's headings. */
export function anchorsOf(file: string): Set<string> {
  const headings = [
    ...readText(file)
      .replace(fences, '')
      .matchAll(/^#{1,6} +(.+)$/gm),
  ];
  return new Set(
    headings.map(([, text]) =>
      (text ?? '')
        .trim()
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}
