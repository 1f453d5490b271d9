import type { ErrorCodeInfo } from '../codes.js';

const intro = `# Error codes

<!-- Written by \`npm run reference -w @signalbox/errors\` from packages/errors/src/codes.ts. Do not edit. -->

Every error of Signalbox carries one of these codes: in HTTP answers (\`error.code\`), in logs, in dead letters
(\`sb-error-code\`) and in the output of the \`signalbox\` command. Codes are stable; message texts are not.

*Again* says whether the same call can succeed later without a change: \`later\` errors are tried again by themselves,
\`never\` errors go to a person.`;

/** The text of `docs/reference/errors.md`; a test holds the committed page against it. */
export function errorsPage(codes: Readonly<Record<string, ErrorCodeInfo>>): string {
  const rows = Object.entries(codes).map(
    ([code, { retry, means, action, http }]) =>
      `| \`${code}\` | ${means} | ${action} | ${retry} | ${http ?? ''} |`,
  );
  const table = [
    '| code | what happened | what to do | again | HTTP |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ];
  return `${intro}\n\n${table.join('\n')}\n`;
}
