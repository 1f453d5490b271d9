import { SignalboxError, errorCodes, type ErrorCode } from '@signalbox/errors';
import { backoffMs } from './backoff.js';
import { isInfrastructure } from './is-infrastructure.js';
import { QuietLog } from './log.js';
import { Semaphore } from './semaphore.js';

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('backoffMs', () => {
  const random = (fraction: number) => ({ fraction: () => fraction, uuid: () => '' });
  it.each([
    [1, 0, 10],
    [1, 1, 100],
    [2, 1, 200],
    [6, 1, 3_200],
    [7, 1, 5_000],
    [7, 0, 500],
    [1_000_000, 1, 5_000],
  ])('before try %i with the die at %d: %i ms', (attempt, fraction, wanted) => {
    expect(backoffMs(attempt, random(fraction))).toBe(wanted);
  });

  it('keeps below a ceiling of its own', () => {
    expect(backoffMs(10, random(1), 250)).toBe(250);
  });
});

describe('isInfrastructure', () => {
  const waiting = ['database_unavailable', 'broker_unavailable', 'schema_newer'];
  it.each(Object.keys(errorCodes) as ErrorCode[])(
    'judges %s by whether waiting can help the agent',
    (code) => {
      expect(isInfrastructure(new SignalboxError(code, 'x'))).toBe(waiting.includes(code));
    },
  );

  it.each([
    new Error('database_unavailable'),
    'database_unavailable',
    undefined,
    { code: 'database_unavailable' },
  ])('knows only our own errors: %p', (thrown) => {
    expect(isInfrastructure(thrown)).toBe(false);
  });
});

describe('Semaphore', () => {
  it('lets so many in at once, first come first served, also after a failure', async () => {
    const semaphore = new Semaphore(2);
    const log: string[] = [];
    const gates = new Map<string, (error?: Error) => void>();
    const run = (name: string) =>
      semaphore
        .run(() => {
          log.push(name);
          return new Promise<void>((resolve, reject) =>
            gates.set(name, (error) => (error ? reject(error) : resolve())),
          );
        })
        .catch((error: unknown) => log.push(String(error)));
    const all = ['a', 'b', 'c', 'd'].map(run);
    await settle();
    expect(log).toEqual(['a', 'b']);
    gates.get('b')?.(new Error('no'));
    await settle();
    expect(log).toEqual(['a', 'b', 'c', 'Error: no']);
    gates.get('a')?.();
    await settle();
    expect(log.at(-1)).toBe('d');
    for (const name of ['c', 'd']) gates.get(name)?.();
    await Promise.all(all);
    await semaphore.run(() => Promise.resolve(void log.push('later')));
    expect(log.at(-1)).toBe('later');
  });
});

describe('QuietLog', () => {
  it('says one kind of trouble once in its window, and then how often it was held back', () => {
    let nowMs = 0;
    const said: unknown[] = [];
    const say = (fields: object, message: string) => void said.push([message, fields]);
    const quiet = new QuietLog({ info: say, warn: say, error: say }, () => nowMs, 1_000);
    for (; nowMs < 1_000; nowMs += 250) quiet.warn('publish', { at: nowMs }, 'away');
    quiet.warn('claim', {}, 'another kind');
    quiet.warn('publish', { at: nowMs }, 'still away');
    expect(said).toEqual([
      ['away', { at: 0 }],
      ['another kind', {}],
      ['still away', { at: 1_000, repeated: 3 }],
    ]);
  });
});
