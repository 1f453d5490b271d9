import { randomBytes } from 'node:crypto';
import original from 'kafkajs/src/protocol/recordBatch/crc32C';
import { crc32c } from './crc32c.js';

describe('crc32c', () => {
  it.each([
    // RFC 3720, B.4
    ['32 zeros', Buffer.alloc(32), 0x8a9136aa],
    ['32 ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
    ['0 to 31', Buffer.from(Array.from({ length: 32 }, (_, n) => n)), 0x46dd794e],
    ['the usual check', Buffer.from('123456789'), 0xe3069283],
    ['nothing', Buffer.alloc(0), 0],
  ])('of %s', (_what, bytes, wanted) => expect(crc32c(bytes)).toBe(wanted));

  it('says what kafkajs says, for every length and place in a larger buffer', () => {
    const large = randomBytes(600);
    for (let length = 0; length < 300; length += 1) {
      const bytes = large.subarray(length % 13, (length % 13) + length);
      expect(crc32c(bytes)).toBe(original(bytes));
    }
  });
});
