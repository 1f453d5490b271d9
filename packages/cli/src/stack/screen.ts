import type { ServiceStatus, StackStatus } from '@signalbox/local-stack';

const tryNext = [
  ['npx signalbox send service_down', 'a monitor reports an outage: incident, Slack, PagerDuty, repair'],
  ['npx signalbox story <id>', 'everything one webhook led to, in order'],
  ['npx signalbox mail', 'the mails the agents asked for'],
  ['npx signalbox status', 'this list, as of then'],
  ['npx signalbox logs <app> -f', 'what an app says'],
] as const;

/** The one screen at the end of a start: what runs, where, and what to try next. */
export function startScreen(status: StackStatus, isDetached: boolean): string {
  const headline =
    status.phase === 'ready' ? 'Signalbox is running.' : 'Signalbox is running, but not all of it is ready.';
  const width = Math.max(...tryNext.map(([command]) => command.length));
  const hints = tryNext.map(([command, what]) => `  ${command.padEnd(width)}  ${what}`);
  const end = isDetached
    ? 'Stop it with `npx signalbox down`.'
    : 'Stop it with Ctrl-C, or `npx signalbox down` elsewhere.';
  return ['', headline, '', serviceTable(status.services), '', 'Try next:', ...hints, '', end].join('\n');
}

/** One line for each service: name, state, address, what it is. */
export function serviceTable(services: readonly ServiceStatus[]): string {
  const rows = services.map((service) => [
    service.name,
    stateText(service),
    service.address,
    service.summary,
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd())
    .join('\n');
}

function stateText({ phase, ready, restarts }: ServiceStatus): string {
  const again = restarts > 0 ? `, ${restarts} restart${restarts === 1 ? '' : 's'}` : '';
  if (phase === 'external') return 'external';
  if (phase === 'held') return ready ? 'ready (from source)' : 'from source';
  if (phase === 'running') return (ready ? 'ready' : 'not ready') + again;
  return phase + again;
}
