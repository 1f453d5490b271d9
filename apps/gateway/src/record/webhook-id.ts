import { randomFillSync } from 'node:crypto';
import { V7Generator } from 'uuidv7';

/** Random numbers are drawn by the thousand: the system is asked once for hundreds of webhooks. */
const pool = new Uint32Array(1_024);
let used = pool.length;

function nextUint32(): number {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const number = pool[used] as number;
  used += 1;
  return number;
}

const generator = new V7Generator({ nextUint32 });

/** The id of a webhook, or of a run that releases some: a UUID of version 7, each greater than the one before. */
export const newWebhookId = (): string => generator.generate().toString();
