import { SignalboxError, type ErrorPointer } from '@signalbox/errors';
import type { WebhookSecret } from '@signalbox/webhooks';
import type { WebhookSource } from '../sources/source.js';

/** The variable whose secrets count for every source without its own. */
export const defaultSecretVariable = 'WEBHOOK_SECRET';

type SecretLists = Readonly<Record<string, readonly string[] | undefined>>;

/**
 * The secrets of each source by its name: its own, else the default ones. The first of a list has the key id
 * `<source>` (or `default`), the next `<source>-2` and so on. Throws `config_invalid` that names every source without.
 */
export function sourceSecrets(
  sources: readonly WebhookSource[],
  lists: SecretLists,
): ReadonlyMap<string, readonly WebhookSecret[]> {
  const fallback = named('default', lists[defaultSecretVariable]);
  const result = new Map<string, readonly WebhookSecret[]>();
  const problems: ErrorPointer[] = [];
  for (const { name, secretVariable } of sources) {
    const own = named(name, lists[secretVariable]);
    const secrets = own.length > 0 ? own : fallback;
    result.set(name, secrets);
    if (secrets.length === 0) {
      problems.push({
        pointer: secretVariable,
        message: `is required, or ${defaultSecretVariable} for all sources`,
      });
    }
  }
  if (problems.length > 0) {
    const lines = problems.map(({ pointer, message }) => `  ${pointer}: ${message}`).join('\n');
    throw new SignalboxError('config_invalid', `There are sources without a secret:\n${lines}`, {
      pointers: problems,
    });
  }
  return result;
}

const named = (prefix: string, values: readonly string[] = []): WebhookSecret[] =>
  values.map((value, index) => ({ keyId: index === 0 ? prefix : `${prefix}-${index + 1}`, value }));
