import * as fc from 'fast-check';
import { textForm } from './encoding.js';

const encodings = ['hex', 'base64', 'base64url'] as const;

it.each(encodings)('%s: reads what it writes, at the right length only', (encoding) => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 70 }), (bytes) => {
      const form = textForm(encoding, bytes.length);
      const text = form.write(bytes);
      expect(form.read(text)).toEqual(Buffer.from(bytes));
      expect(textForm(encoding).read(text)).toEqual(Buffer.from(bytes));
      expect(textForm(encoding, bytes.length + 1).read(text)).toBeUndefined();
      expect(textForm(encoding, bytes.length - 1).read(text)).toBeUndefined();
    }),
  );
});

it.each(encodings)(
  '%s: no two texts mean the same bytes, but for the case of hexadecimal digits',
  (encoding) => {
    const characters = fc.constantFrom(...'AQgwBCfF089+/-_= '.split(''));
    fc.assert(
      fc.property(fc.array(characters, { maxLength: 12 }), (list) => {
        const text = list.join('');
        const bytes = textForm(encoding).read(text);
        const again = bytes && textForm(encoding).write(bytes);
        if (encoding === 'hex') expect(again).toBe(bytes && text.toLowerCase());
        else if (bytes) expect(again).toBe(encoding === 'base64' ? text : text.replace(/=+$/, ''));
      }),
    );
  },
);

it('tells the form in words', () => {
  expect(textForm('hex', 32).describe).toBe('64 hexadecimal digits');
  expect(textForm('base64', 32).describe).toBe('32 bytes in base64');
  expect(textForm('base64').describe).toBe('base64');
});
