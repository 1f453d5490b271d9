import { SignalboxError } from '@signalbox/errors';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildNetwork, type Network } from './network.js';

/** The data folder of this app; the same distance from `src/network` and from `dist/network`. */
export const dataFolder = join(__dirname, '..', '..', 'data');

/** Injection token of the network. */
export const NETWORK = Symbol('NETWORK');

/** Reads and checks the data set. Throws `config_invalid` when a file is missing, no JSON or wrong. */
export function loadNetwork(folder: string = dataFolder): Network {
  const read = (name: string): unknown => {
    try {
      return JSON.parse(readFileSync(join(folder, name), 'utf8'));
    } catch (cause) {
      throw new SignalboxError('config_invalid', `${name} in ${folder} cannot be read as JSON.`, { cause });
    }
  };
  return buildNetwork({
    ports: read('ports.json'),
    lanes: read('lanes.json'),
    countries: read('countries.json'),
  });
}
