import { correlationHeader, derivedEventId } from './identity.js';

describe('derivedEventId', () => {
  it('is the source and the hash of the bytes', () => {
    // Made with: printf '{}' | sha256sum
    const hash = '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a';
    expect(derivedEventId('ops-alert', Buffer.from('{}'))).toBe(`ops-alert:${hash}`);
  });
});

describe('correlationHeader', () => {
  it.each(['a', 'corr-9876', 'x'.repeat(255), 'with blanks: yes'])('takes %j', (value) => {
    expect(correlationHeader(value)).toBe(value);
  });

  it.each([undefined, '', 'x'.repeat(256), 'tab\there', 'Zoë', '\u0000', ['a', 'b']])(
    'ignores %j',
    (value) => {
      expect(correlationHeader(value)).toBeUndefined();
    },
  );
});
