const repeat = (byte: number, times: number): Buffer => Buffer.alloc(times, byte);

/** HMAC-SHA-256 test cases of RFC 4231, section 4 (case 5 is about truncation, which no scheme here uses). */
export const rfc4231 = [
  {
    name: '1',
    key: repeat(0x0b, 20),
    data: Buffer.from('Hi There'),
    hex: 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  },
  {
    name: '2, a key shorter than the digest',
    key: Buffer.from('Jefe'),
    data: Buffer.from('what do ya want for nothing?'),
    hex: '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  },
  {
    name: '3, key and data longer than 64 bytes together',
    key: repeat(0xaa, 20),
    data: repeat(0xdd, 50),
    hex: '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe',
  },
  {
    name: '4',
    key: Buffer.from(Array.from({ length: 25 }, (_, index) => index + 1)),
    data: repeat(0xcd, 50),
    hex: '82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b',
  },
  {
    name: '6, a key longer than the block',
    key: repeat(0xaa, 131),
    data: Buffer.from('Test Using Larger Than Block-Size Key - Hash Key First'),
    hex: '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
  },
  {
    name: '7, key and data longer than the block',
    key: repeat(0xaa, 131),
    data: Buffer.from(
      'This is a test using a larger than block-size key and a larger than block-size data. ' +
        'The key needs to be hashed before being used by the HMAC algorithm.',
    ),
    hex: '9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2',
  },
] as const;
