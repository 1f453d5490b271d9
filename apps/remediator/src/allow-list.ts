import { SignalboxError } from '@signalbox/errors';
import { parse } from 'yaml';
import { z } from 'zod';

const timeoutMs = z.number().int().min(100).max(14_000).default(10_000);

const http = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).max(2_048),
  method: z.enum(['POST', 'PUT', 'PATCH', 'GET']).default('POST'),
  headers: z.record(z.string().regex(/^[A-Za-z0-9-]+$/), z.string().max(4_096)).default({}),
  /** Sent as it is, with `{replicas}` filled in. */
  body: z.string().max(65_536).optional(),
  /** The address may lie outside the public internet, or on an unusual port. */
  allow_private: z.boolean().default(false),
  timeout_ms: timeoutMs,
});

const command = z.strictObject({
  /** Program and arguments; no shell reads them. */
  argv: z.array(z.string().min(1).max(4_096)).min(1).max(100),
  timeout_ms: timeoutMs,
});

const replicas = z
  .strictObject({ min: z.number().int().min(0).max(10_000), max: z.number().int().min(0).max(10_000) })
  .refine(({ min, max }) => min <= max, { message: 'min must not be above max' });

const entry = z
  .strictObject({
    service: z.string().min(1).max(255),
    /** Left out: every environment. */
    environments: z.array(z.string().min(1).max(255)).min(1).optional(),
    action: z.enum(['restart', 'scale', 'hook']),
    /** Running it twice is as good as once. */
    idempotent: z.boolean().default(false),
    http: http.optional(),
    command: command.optional(),
    replicas: replicas.optional(),
  })
  .refine((step) => (step.http === undefined) !== (step.command === undefined), {
    message: 'needs either http or command',
  })
  .refine((step) => step.action !== 'hook' || step.http !== undefined, { message: 'a hook needs http' })
  .refine((step) => (step.action === 'scale') === (step.replicas !== undefined), {
    message: 'replicas belong to scale, and scale needs them',
  });

const file = z.strictObject({ version: z.literal(1), entries: z.array(entry).max(1_000) });

export type AllowListEntry = z.infer<typeof entry>;

/** Reads the text of an allow-list; throws `config_invalid` that lists every mistake with a pointer. */
export function parseAllowList(text: string): readonly AllowListEntry[] {
  const parsed = file.safeParse(readYaml(text));
  const problems = parsed.success
    ? repeated(parsed.data.entries)
    : parsed.error.issues.map(({ path, message }) => ({ pointer: `/${path.join('/')}`, message }));
  if (parsed.success && problems.length === 0) return parsed.data.entries;
  const lines = problems.map(({ pointer, message }) => `  ${pointer}: ${message}`).join('\n');
  throw new SignalboxError('config_invalid', `The allow-list is malformed:\n${lines}`, {
    pointers: problems,
  });
}

function readYaml(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0 });
  } catch (error) {
    throw new SignalboxError('config_invalid', `The allow-list is not YAML: ${(error as Error).message}`);
  }
}

/** Two entries that fit the same request would leave it open which one runs. */
function repeated(entries: readonly AllowListEntry[]): { pointer: string; message: string }[] {
  return entries.flatMap((one, at) => {
    const before = entries.slice(0, at).some((other) => overlaps(one, other));
    return before ? [{ pointer: `/entries/${at}`, message: 'an entry above fits the same requests' }] : [];
  });
}

function overlaps(one: AllowListEntry, other: AllowListEntry): boolean {
  if (one.service !== other.service || one.action !== other.action) return false;
  const theirs = other.environments;
  return (
    one.environments === undefined || theirs === undefined || one.environments.some((e) => theirs.includes(e))
  );
}
