import type { AppDefinition } from './app-list.js';

/** The file of an app, relative to the repository, which is also the folder it runs in. */
export const appMainPath = (app: AppDefinition): string => `${app.workspace}/dist/main.js`;

/**
 * Node's arguments for an app; docker-compose.yml has the same. Without `--enable-source-maps`: it costs each process about
 * 10 MB and a tenth of its start, and the lines of what tsc makes are close to those that were written.
 */
export const appArgs = (app: AppDefinition): string[] => [appMainPath(app)];
