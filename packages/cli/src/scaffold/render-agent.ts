import { readFileSync, readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { keyOf } from '@signalbox/contracts';
import type { AgentPlan, PlannedEvent } from './agent-plan.js';

/** The same from `src` and from `dist`. */
const templatesDir = join(__dirname, '..', '..', 'templates', 'agent');
const suffix = '.tmpl';

/** A file of the new app: path below its folder, and text. */
export interface RenderedFile {
  readonly path: string;
  readonly text: string;
}

/** Versions of what every agent app depends on. */
export type Versions = Readonly<Record<string, string>>;

/** The files of the app, not yet formatted. */
export function renderAgent(plan: AgentPlan, versions: Versions): RenderedFile[] {
  const values = valuesOf(plan, versions);
  return readdirSync(templatesDir, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(suffix))
    .map((path) => ({
      path: path.slice(0, -suffix.length).split(sep).join('/').replace('__name__', plan.name),
      text: fill(readFileSync(join(templatesDir, path), 'utf8'), values),
    }));
}

/** One sentence that stands in package.json, infra/apps.json and the README. */
export const describeAgent = ({ name, events }: AgentPlan): string => {
  const [first] = events;
  const more = events.length > 1 ? ` and ${events.length - 1} more` : '';
  return `Agent ${name}: listens to ${first?.contract.type ?? ''}${more}`;
};

function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{\{(\w+)\}\}/g, (_whole, name: string) => values[name] ?? `{{${name}}}`);
}

function valuesOf(plan: AgentPlan, versions: Versions): Record<string, string> {
  const { name, app, camel, pascal, port, startFrom, events } = plan;
  const isLatest = startFrom === 'latest';
  return {
    name,
    app,
    camel,
    Pascal: pascal,
    port: String(port),
    startFrom,
    description: describeAgent(plan),
    constants: events.map(({ constant }) => constant).join(', '),
    handlers: events.map((event) => handlerText(plan, event)).join('\n\n'),
    cases: events.map((event) => `[${event.constant}, '${keyValue(plan, event)}']`).join(', '),
    eventRows: events.map(({ contract }) => `| in | \`${contract.type}\` | ${contract.summary} |`).join('\n'),
    startComment: isLatest
      ? 'Latest: the first start begins with the next event, so that nobody is bothered with what is long past.'
      : 'Earliest: what was published before the first start counts as well.',
    startNote: isLatest
      ? 'Its first start begins with\nthe next event (`startFrom` in `src/app.module.ts`).'
      : 'Its first start begins with\nthe oldest event there is (`startFrom` in `src/app.module.ts`).',
    versionOfNest: versions['@nestjs/common'] ?? '',
    versionOfReflectMetadata: versions['reflect-metadata'] ?? '',
    versionOfRxjs: versions['rxjs'] ?? '',
    versionOfZod: versions['zod'] ?? '',
  };
}

/** Events of several kinds of entity share the agent's state: then the key says of which kind it is. */
const isMixed = ({ events }: AgentPlan): boolean =>
  new Set(events.map(({ contract }) => contract.keyField)).size > 1;

function handlerText(plan: AgentPlan, { constant, contract }: PlannedEvent): string {
  const { camel, pascal } = plan;
  const field = contract.keyField;
  const key = isMixed(plan) ? `, key: ({ data }) => \`${field} \${data.${field}}\`` : '';
  return [
    `  @On(${constant}, { state: ${camel}State${key} })`,
    `  ${constant}(input: DecideInput<${pascal}State, DataOf<typeof ${constant}>>): readonly Output<${pascal}State>[] {`,
    '    return onEvent(input);',
    '  }',
  ].join('\n');
}

function keyValue(plan: AgentPlan, { contract }: PlannedEvent): string {
  const value = keyOf(contract, contract.example);
  return isMixed(plan) ? `${contract.keyField} ${value}` : value;
}
