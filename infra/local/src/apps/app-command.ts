import type { AppDefinition } from './app-list.js';

/** The file of an app, relative to the repository, which is also the folder it runs in. */
export const appMainPath = (app: AppDefinition): string => `${app.workspace}/dist/main.js`;

/** How Node runs every app: what an error's stack names are the lines that were written. */
export const appNodeFlags: readonly string[] = ['--enable-source-maps'];

/** Node's arguments for an app; docker-compose.yml has the same. */
export const appArgs = (app: AppDefinition): string[] => [...appNodeFlags, appMainPath(app)];
