import { join } from 'node:path';
import { repositoryDir } from '@signalbox/local-stack';

export { repositoryDir };
/** The built entry of an app, as it is shipped. */
export const appEntry = (app: string): string => join(repositoryDir, 'apps', app, 'dist', 'main.js');
/** A built file of the benches, named from `bench/src` without its ending. */
export const benchEntry = (name: string): string => join(repositoryDir, 'bench', 'dist', `${name}.js`);
