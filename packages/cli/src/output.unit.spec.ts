import { SignalboxError } from '@signalbox/errors';
import { createOutput } from './output.js';

function recorded(json: boolean) {
  const written = { stdout: '', stderr: '' };
  const output = createOutput(() => json, {
    stdout: { write: (text) => (written.stdout += text) },
    stderr: { write: (text) => (written.stderr += text) },
  });
  return { output, written };
}

const refusal = new SignalboxError('event_invalid', 'The event does not fit.', {
  pointers: [{ pointer: '/data/severity', message: 'must be one of critical, high' }],
  action: 'Correct it.',
});

describe('the output for people', () => {
  it('keeps results and progress apart', () => {
    const { output, written } = recorded(false);
    output.progress('half way');
    output.result({ a: 1 }, () => 'one');
    output.item({ a: 2 }, () => 'two');
    output.raw('three');
    expect(written).toEqual({ stdout: 'one\ntwo\nthree', stderr: 'half way\n' });
    expect(output.json).toBe(false);
  });

  it('says of an error its code, what, where and what to do', () => {
    const { output, written } = recorded(false);
    output.error(refusal);
    expect(written.stderr).toBe(
      'error event_invalid: The event does not fit.\n' +
        '  at /data/severity: must be one of critical, high\n' +
        '  what to do: Correct it.\n',
    );
  });

  it('does not say twice what the message says already', () => {
    const { output, written } = recorded(false);
    const message = 'Settings are malformed:\n  PORT: must be a whole number';
    output.error(
      new SignalboxError('config_invalid', message, { pointers: [{ pointer: 'PORT', message: 'must be' }] }),
    );
    expect(written.stderr.match(/PORT/g)).toHaveLength(1);
  });

  it('shows the stack of a defect only', () => {
    const { output, written } = recorded(false);
    output.error(new TypeError('x is not a function'));
    expect(written.stderr).toMatch(
      /^error internal: TypeError: x is not a function\n +at [^]*what to do: This is a defect/,
    );
  });
});

describe('the output for programs', () => {
  it('is one document for a result, one line for each item, and no progress', () => {
    const { output, written } = recorded(true);
    output.progress('half way');
    output.result({ offset: 12n }, () => 'one');
    output.item({ a: [2] }, () => 'two');
    expect(written).toEqual({ stdout: '{\n  "offset": "12"\n}\n{"a":[2]}\n', stderr: '' });
  });

  it('is one document for an error', () => {
    const { output, written } = recorded(true);
    output.error(refusal);
    expect(JSON.parse(written.stderr)).toEqual({
      error: {
        code: 'event_invalid',
        message: 'The event does not fit.',
        pointers: [{ pointer: '/data/severity', message: 'must be one of critical, high' }],
        action: 'Correct it.',
      },
    });
  });
});
