import { SignalboxError } from '@signalbox/errors';
import { localState } from '@signalbox/local-stack';

/** Address of the local stack's notifier. Throws `stack_unavailable` when it runs none. */
export function notifierUrl(): string {
  const notifier = localState().apps.find(({ name }) => name === 'notifier');
  if (notifier) return notifier.url;
  throw new SignalboxError('stack_unavailable', 'The local stack runs no notifier.', {
    action: 'Name its address with --url.',
  });
}
