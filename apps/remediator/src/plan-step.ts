import type { DataOf, remediationRequested } from '@signalbox/contracts';
import { FatalError } from '@signalbox/errors';
import type { AllowListEntry } from './allow-list.js';

type Request = DataOf<typeof remediationRequested>;

/** A step as it will be run: everything in it comes from the allow-list but the number of replicas. */
export type Step =
  | {
      readonly kind: 'http';
      readonly url: string;
      readonly method: 'POST' | 'PUT' | 'PATCH' | 'GET';
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string | undefined;
      readonly isPrivate: boolean;
      readonly isIdempotent: boolean;
      readonly timeoutMs: number;
    }
  | { readonly kind: 'command'; readonly argv: readonly string[]; readonly timeoutMs: number };

/** The entry that allows a request, or undefined. */
export function entryFor(request: Request, entries: readonly AllowListEntry[]): AllowListEntry | undefined {
  return entries.find(
    ({ service, action, environments }) =>
      service === request.service_name &&
      action === request.action &&
      (environments === undefined || environments.includes(request.environment)),
  );
}

/** What a request may run; throws a FatalError `action_not_allowed` when no entry fits or a parameter is out of bounds. */
export function planStep(request: Request, entries: readonly AllowListEntry[]): Step {
  const entry = entryFor(request, entries);
  if (entry === undefined) {
    const { action, service_name: service, environment } = request;
    throw notAllowed(`The allow-list has no entry for '${action}' of ${service} in ${environment}.`);
  }
  const fill = fillerFor(request, entry);
  if (entry.command !== undefined) {
    const { argv, timeout_ms: timeoutMs } = entry.command;
    return { kind: 'command', argv: argv.map(fill), timeoutMs };
  }
  return httpStep(entry, fill);
}

function httpStep({ http, idempotent, service }: AllowListEntry, fill: (text: string) => string): Step {
  if (http === undefined) throw notAllowed(`The entry for ${service} runs nothing.`);
  return {
    kind: 'http',
    url: http.url,
    method: http.method,
    headers: http.headers,
    body: http.body === undefined ? undefined : fill(http.body),
    isPrivate: http.allow_private,
    isIdempotent: idempotent,
    timeoutMs: http.timeout_ms,
  };
}

/** Fills `{replicas}` with the checked number; nothing else of a request reaches a command or a body. */
function fillerFor(request: Request, { replicas, service }: AllowListEntry): (text: string) => string {
  if (replicas === undefined) return (text) => text;
  const wanted = request.parameters?.['replicas'] ?? '';
  const count = /^\d{1,5}$/.test(wanted) ? Number(wanted) : undefined;
  if (count === undefined || count < replicas.min || count > replicas.max) {
    const bounds = `a number from ${replicas.min} to ${replicas.max}`;
    throw notAllowed(`Scaling ${service} needs the parameter 'replicas', ${bounds}.`);
  }
  return (text) => text.replaceAll('{replicas}', String(count));
}

const notAllowed = (message: string): FatalError => new FatalError(message, { code: 'action_not_allowed' });
