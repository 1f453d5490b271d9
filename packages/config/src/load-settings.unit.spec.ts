import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignalboxError } from '@signalbox/errors';
import { z } from 'zod';
import { flag, wholeNumber } from './fields.js';
import { loadSettings, type Environment } from './load-settings.js';

const schema = z.object({
  NAME: z.string(),
  COUNT: wholeNumber(1, 10).default(3),
  LOUD: flag.optional(),
});

const refusal = (env: Environment): SignalboxError => {
  try {
    loadSettings(schema, env);
  } catch (error) {
    if (error instanceof SignalboxError) return error;
    throw error;
  }
  throw new Error('the settings were taken');
};

describe('loadSettings', () => {
  it('reads what the schema names and nothing else', () => {
    expect(loadSettings(schema, { NAME: 'a', COUNT: '7', LOUD: 'yes', OTHER: 'x' })).toEqual({
      NAME: 'a',
      COUNT: 7,
      LOUD: true,
    });
  });

  it('gives a frozen object', () => {
    expect(Object.isFrozen(loadSettings(schema, { NAME: 'a' }))).toBe(true);
  });

  it('takes an empty variable for one that is not set', () => {
    expect(loadSettings(schema, { NAME: 'a', COUNT: '', LOUD: '' })).toEqual({ NAME: 'a', COUNT: 3 });
    expect(refusal({ NAME: '' }).pointers).toEqual([{ pointer: 'NAME', message: 'is required' }]);
  });

  it('names every bad variable at once, and no value', () => {
    const error = refusal({ COUNT: 'hunter2', LOUD: 'perhaps' });
    expect(error.code).toBe('config_invalid');
    expect(error.pointers).toEqual([
      { pointer: 'NAME', message: 'is required' },
      { pointer: 'COUNT', message: 'must be a whole number' },
      { pointer: 'LOUD', message: 'must be true or false' },
    ]);
    expect(error.message).toBe(
      'Settings are missing or malformed:\n' +
        '  NAME: is required\n  COUNT: must be a whole number\n  LOUD: must be true or false',
    );
  });

  it('reads the environment of the process unless given another', () => {
    const settings = loadSettings(z.object({ PATH: z.string() }));
    expect(settings.PATH.length).toBeGreaterThan(0);
  });
});

describe('loadSettings with files', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'settings-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const file = (content: string): string => {
    const path = join(folder, 'value');
    writeFileSync(path, content);
    return path;
  };

  it.each([
    ['without a line break', 'secret', 'secret'],
    ['with one', 'secret\n', 'secret'],
    ['with one of Windows', 'secret\r\n', 'secret'],
    ['with two: only the last goes', 'secret\n\n', 'secret\n'],
  ])('takes the content of <NAME>_FILE, %s', (_, content, value) => {
    expect(loadSettings(schema, { NAME_FILE: file(content) }).NAME).toBe(value);
  });

  it('prefers the variable itself', () => {
    expect(loadSettings(schema, { NAME: 'direct', NAME_FILE: file('from file') }).NAME).toBe('direct');
  });

  it('falls back to the file when the variable is empty', () => {
    expect(loadSettings(schema, { NAME: '', NAME_FILE: file('from file') }).NAME).toBe('from file');
  });

  it('says which file cannot be read, and why', () => {
    const error = refusal({ NAME_FILE: join(folder, 'nowhere') });
    expect(error.pointers).toContainEqual({ pointer: 'NAME_FILE', message: 'cannot be read (ENOENT)' });
  });
});
