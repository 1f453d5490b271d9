import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SignalboxError } from '@signalbox/errors';
import { z } from 'zod';
import { repositoryDir } from '../paths.js';

const appSchema = z.strictObject({
  /** Name of the process, of its log and of its service in docker-compose.yml. */
  name: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/),
  summary: z.string().min(1).max(80),
  /** Folder below the repository; the app is started as `node <workspace>/dist/main.js`. */
  workspace: z.string().min(1),
  /** Short name of the agent or connector, where the app is one: it has topics of its own. */
  agent: z.string().optional(),
  port: z.number().int().min(1).max(65_535),
  healthPath: z.string().startsWith('/'),
  needs: z.array(z.enum(['kafka', 'postgres'])),
  /** Variables of this app alone; see `$comment` in the file for what is filled in. */
  environment: z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), z.string()),
});
const listSchema = z.strictObject({ $comment: z.string(), apps: z.array(appSchema).min(1).max(200) });

export const defaultAppListPath = join(repositoryDir, 'infra', 'apps.json');

/** One app of infra/apps.json. */
export type AppDefinition = z.infer<typeof appSchema>;

/** Reads infra/apps.json. Throws `config_invalid` that names the entry and what is wrong with it. */
export function readAppList(path = defaultAppListPath): readonly AppDefinition[] {
  const parsed = listSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new SignalboxError('config_invalid', `${path} is malformed:\n${lines.join('\n')}`);
  }
  return parsed.data.apps;
}
