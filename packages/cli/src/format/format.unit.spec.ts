import { collect, span, wholeNumber } from './arguments.js';
import { messageText } from './mailbox-text.js';
import { printable, printableLines, shortId, shorten } from './printable.js';
import { pad, table } from './table.js';
import { dateTime, duration, offset, parseSpan, timeOfDay } from './time.js';
import { wrap } from './wrap.js';

describe('printable', () => {
  it.each([
    ['plain text', 'plain text'],
    ['two\r\nlines  \n here', 'two lines here'],
    ['a\tb', 'a b'],
    ['\u001b[31mred\u001b[0m', '\ufffd[31mred\ufffd[0m'],
    ['\u0007\u009b', '\ufffd\ufffd'],
    ['ab\u202ecd', 'ab\ufffdcd'],
    ['Zürich 😀', 'Zürich 😀'],
  ])('%j → %j', (text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  it('cuts by characters, not in the middle of one', () => {
    expect(printable('😀😀😀😀', 3)).toBe('😀😀…');
    expect(shorten('abc', 3)).toBe('abc');
    expect(shorten('abcd', 3)).toBe('ab…');
  });

  it('keeps lines and their indent apart where asked', () => {
    expect(printableLines('Hello,\r\n  your\u001b trial \n')).toEqual(['Hello,', '  your\ufffd trial', '']);
  });

  it('shortens ids in the middle, so that both ends can be compared', () => {
    expect(shortId('short')).toBe('short');
    expect(shortId(`ops-alert:${'4f'.repeat(32)}`, 20)).toBe('ops-alert:4f4f4…4f4f');
    expect(shortId('x'.repeat(41))).toHaveLength(40);
  });
});

describe('times', () => {
  it.each([
    [0, '0 ms'],
    [0.4, '0 ms'],
    [999, '999 ms'],
    [1_240, '1.24 s'],
    [12_340, '12.3 s'],
    [59_400, '59.4 s'],
    [60_000, '1 min'],
    [185_000, '3 min 5 s'],
    [7_800_000, '2 h 10 min'],
    [273_600_000, '3 d 4 h'],
  ])('%d ms is %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  it.each([
    [0, '0 ms'],
    [-0.3, '0 ms'],
    [85, '+85 ms'],
    [-120_000, '−2 min'],
  ])('an offset of %d ms is %s', (ms, text) => {
    expect(offset(ms)).toBe(text);
  });

  it('are shown in UTC', () => {
    expect(dateTime(Date.UTC(2026, 3, 5, 12, 1, 0, 123))).toBe('2026-04-05 12:01:00.123');
    expect(timeOfDay(Date.UTC(2026, 3, 5, 12, 1, 0, 123))).toBe('12:01:00.123');
  });

  it.each([
    ['90s', 90_000],
    ['15m', 900_000],
    ['24h', 86_400_000],
    ['7d', 604_800_000],
    ['7', undefined],
    ['-1d', undefined],
    ['1w', undefined],
    ['', undefined],
  ])('the span %j is %p', (text, ms) => {
    expect(parseSpan(text)).toBe(ms);
  });
});

describe('option readers', () => {
  it('take whole numbers within their bounds', () => {
    expect(wholeNumber(1, 10)('10')).toBe(10);
    for (const text of ['0', '11', '1.5', '1e1', '-1', '', 'ten']) {
      expect(() => wholeNumber(1, 10)(text)).toThrow('whole number from 1 to 10');
    }
  });

  it('take spans', () => {
    expect(span('24h')).toBe(86_400_000);
    expect(() => span('0s')).toThrow('span');
    expect(() => span('soon')).toThrow('span');
  });

  it('collect what is given again', () => {
    const read = collect((text) => text.toUpperCase());
    expect(read('b', read('a'))).toEqual(['A', 'B']);
  });
});

describe('tables', () => {
  it('are as wide as their content and end without blanks', () => {
    const text = table(
      [{ title: 'name' }, { title: 'n', align: 'right' }, { title: 'note' }],
      [
        ['a', '1', ''],
        ['Zürich', '1000', 'x'],
      ],
    );
    expect(text.split('\n')).toEqual(['name       n  note', 'a          1', 'Zürich  1000  x']);
  });

  it('count characters', () => {
    expect(pad('😀', 3, 'left')).toBe('😀  ');
    expect(pad('abc', 2, 'right')).toBe('abc');
  });
});

describe('wrap', () => {
  it('breaks at blanks', () => {
    expect(wrap('one two three four', 9)).toEqual(['one two', 'three', 'four']);
    expect(wrap('short', 9)).toEqual(['short']);
    expect(wrap('averyveryverylongword and more', 9)).toEqual(['averyveryverylongword', 'and more']);
  });

  it('loses no word', () => {
    const text = 'The quick brown fox jumps over the lazy dog and runs on';
    for (let width = 1; width < 60; width += 1) expect(wrap(text, width).join(' ')).toBe(text);
  });
});

describe('a message of the mailbox', () => {
  const message = {
    id: '7',
    channel: 'email',
    recipient: 'jane.doe@example.com',
    subject: 'Welcome\u001b[2J',
    bodyText: 'Hello Jane,\n\nyour trial has started.\n',
    correlationId: 'corr-9876',
    createdAt: '2026-04-05T12:01:00.000Z',
  } as const;

  it('reads like a mail and cannot take over the terminal', () => {
    expect(messageText(message).split('\n').slice(1)).toEqual([
      'Mail to jane.doe@example.com  ·  2026-04-05 12:01:00.000 UTC  ·  story corr-9876',
      'Welcome\ufffd[2J',
      '',
      '  Hello Jane,',
      '',
      '  your trial has started.',
      '',
    ]);
  });

  it('is no wider than 92 characters', () => {
    const text = messageText({ ...message, bodyText: 'word '.repeat(60) });
    for (const line of text.split('\n').slice(3)) expect(line.length).toBeLessThanOrEqual(92);
    expect(text.match(/word/g)).toHaveLength(60);
  });

  it.each([
    ['slack', 'Slack to #ops'],
    ['pagerduty', 'PagerDuty to #ops'],
  ] as const)('names the channel %s', (channel, head) => {
    expect(messageText({ ...message, channel, recipient: '#ops' })).toContain(head);
  });
});
