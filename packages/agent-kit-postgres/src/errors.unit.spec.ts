import { SignalboxError } from '@signalbox/errors';
import { DatabaseError } from 'pg';
import { asStoreError, isDatabaseTrouble, sqlStateOf } from './errors.js';

const answered = (code: string): DatabaseError =>
  Object.assign(new DatabaseError('the server says no', 1, 'error'), { code });
const network = (code: string): Error => Object.assign(new Error(`connect ${code}`), { code });
const thrownBy = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return error;
  }
};

describe('an error on the way to PostgreSQL', () => {
  it.each([
    ['08006', 'the connection'],
    ['40001', 'another transaction'],
    ['40P01', 'a deadlock'],
    ['53100', 'a full disk'],
    ['53300', 'too many connections'],
    ['55P03', 'a lock'],
    ['57014', 'a time-out'],
    ['57P01', 'a shutdown'],
    ['25P03', 'an idle transaction'],
    ['42501', 'a missing right'],
    ['42P01', 'a missing table'],
    ['28P01', 'a wrong password'],
    ['XX000', 'the server itself'],
  ])('%s is trouble: %s', (code) => {
    const error = asStoreError(answered(code));
    expect(error).toMatchObject({
      code: 'database_unavailable',
      message: `PostgreSQL: the server says no (${code})`,
    });
    expect((error as SignalboxError).retryable).toBe(true);
  });

  it.each([
    ['22021', 'bytes that are no text'],
    ['22P02', 'a value of another type'],
    ['22008', 'a time that is too far'],
    ['23505', 'a row that is there already'],
    ['23514', 'a broken check'],
    ['54000', 'a row too large for an index'],
  ])('%s is the data’s own fault: %s', (code) => {
    const error = answered(code);
    expect(asStoreError(error)).toBe(error);
  });

  it.each(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'ERR_SOCKET_CLOSED'])(
    '%s is trouble: no answer at all',
    (code) => {
      expect(sqlStateOf(network(code))).toBeUndefined();
      expect(isDatabaseTrouble(network(code))).toBe(true);
    },
  );

  it.each([
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'timeout exceeded when trying to connect',
    'Query read timeout',
    'Client has encountered a connection error and is not queryable',
    'Client was closed and is not queryable',
  ])('pg’s own words are trouble: %s', (message) => {
    expect(asStoreError(new Error(message))).toMatchObject({ code: 'database_unavailable' });
  });

  it.each<[string, unknown]>([
    ['a number too large for its column', thrownBy(() => Buffer.alloc(4).writeInt32BE(2 ** 40, 0))],
    ['a value of the wrong type', thrownBy(() => Buffer.from(5 as never))],
    ['a defect of ours', thrownBy(() => (undefined as unknown as { closed: boolean }).closed)],
  ])('%s is no trouble of the database, though Node has a code for it', (_what, error) => {
    expect(error).toHaveProperty('stack');
    expect(isDatabaseTrouble(error)).toBe(false);
    expect(asStoreError(error)).toBe(error);
  });

  it('of ours stays as it is, whatever it says', () => {
    const error = new SignalboxError('output_invalid', 'Connection terminated');
    expect(asStoreError(error)).toBe(error);
  });

  it('keeps what led to it', () => {
    const lost = network('ECONNRESET');
    expect(asStoreError(lost)).toMatchObject({ cause: lost });
    expect(asStoreError({ code: 'EPIPE' })).toMatchObject({ message: 'PostgreSQL: no message (EPIPE)' });
  });
});
