import { SignalboxError } from '@signalbox/errors';
import { createLogger } from '@signalbox/observability';
import { errorFields } from './error-fields.js';

describe('an error in the log of an agent', () => {
  const logged = (error: unknown): Record<string, unknown> => {
    const lines: string[] = [];
    createLogger('ops', 'info', { write: (line) => void lines.push(line) }).error(
      errorFields(error),
      'It ends',
    );
    return JSON.parse(lines[0] ?? '') as Record<string, unknown>;
  };

  it('of ours says code, where, what to do, and what led to it', () => {
    const error = new SignalboxError('config_invalid', 'The settings are wrong.', {
      pointers: [{ pointer: 'PORT', message: 'must be a number' }],
      action: 'Correct the variable.',
      cause: new TypeError('not a number'),
    });
    expect(logged(error)).toMatchObject({
      code: 'config_invalid',
      error: 'The settings are wrong.',
      where: ['PORT: must be a number'],
      action: 'Correct the variable.',
      err: { type: 'TypeError', message: 'not a number', stack: expect.stringContaining('at ') as string },
    });
  });

  it('of ours has the action of its code when it names none, and no empty fields', () => {
    const line = logged(new SignalboxError('process_stuck', 'no chunk for 60 s'));
    expect(line['action']).toEqual(expect.stringMatching(/\w+/));
    expect(line).not.toHaveProperty('where');
    expect(line).not.toHaveProperty('err');
  });

  it.each([
    ['a RangeError', new RangeError('too deep'), { err: { type: 'RangeError', message: 'too deep' } }],
    ['a text', 'a text', { err: 'a text' }],
  ])('of somebody else’s is written with all there is: %s', (_what, error, wanted) => {
    expect(logged(error)).toMatchObject(wanted);
  });
});
