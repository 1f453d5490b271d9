import { createRequire } from 'node:module';
import { refuseOtherKafkajs } from './checked-kafkajs.js';

/**
 * Puts another function in the place of one of kafkajs's own modules. To be called before kafkajs loads whatever uses it:
 * it loads a request's code when the first of its kind is sent. Throws in any version but the one this was written for.
 */
export function replaceInternal<T>(module: string, by: (original: T) => T): void {
  refuseOtherKafkajs();
  const load = createRequire(__filename);
  const path = load.resolve(module);
  const original = load(path) as T;
  const loaded = load.cache[path];
  if (loaded) loaded.exports = by(original);
}
