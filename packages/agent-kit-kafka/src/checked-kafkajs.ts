import { SignalboxError } from '@signalbox/errors';
import { version } from 'kafkajs/package.json';

const checkedVersion = '2.2.4';

/**
 * To be called before anything of kafkajs's own is changed. Throws in any version but the one that was read for it, and
 * when what is to be changed is not there.
 */
export function refuseOtherKafkajs(isThere = true): void {
  if (version === checkedVersion && isThere) return;
  throw new SignalboxError(
    'internal',
    `kafkajs ${version} is not the version this was written for (${checkedVersion}).`,
  );
}
