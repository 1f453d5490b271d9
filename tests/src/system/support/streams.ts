import { eventsPath, opsPath, alertFor, signUpOf } from './seeds.js';
import type { System, WebhookAnswer } from './system.js';

export const serviceNames = (count: number, prefix: string): string[] =>
  Array.from({ length: count }, (_, at) => `${prefix}${at + 1}`);

/** `alerts` alerts of each service, the alerts of one service one after another, at most `width` services at once. */
export function alertStream(
  system: System,
  services: readonly string[],
  alerts: number,
  width = 8,
): Promise<void> {
  return inParallel(services, width, async (service) => {
    for (let n = 1; n <= alerts; n += 1) await system.deliver(opsPath, alertFor(service, `${service}-${n}`));
  });
}

/** The end of the outage of each service. */
export const recoveries = (system: System, services: readonly string[]): Promise<void> =>
  inParallel(services, 8, (service) =>
    system.deliver(
      opsPath,
      alertFor(service, `${service}-1`, {
        event_type: 'service_recovered',
        timestamp: '2026-04-05T12:30:00Z',
      }),
    ),
  );

/** One sign-up of each user. */
export const signUps = (system: System, users: readonly string[], width = 4): Promise<void> =>
  inParallel(users, width, (user) => system.deliver(eventsPath, signUpOf(user)));

async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void | WebhookAnswer>,
): Promise<void> {
  const left = [...items];
  const lane = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: width }, lane));
}
