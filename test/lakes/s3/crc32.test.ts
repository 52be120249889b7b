import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { combinedCrc32 } from '../../../src/lakes/s3/crc32.ts';

describe('CRC-32 of parts', () => {
  it('is that of the whole', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (one, two) => {
        expect(combinedCrc32(crc32(one), crc32(two), two.length)).toBe(crc32(Buffer.concat([one, two])));
      }),
    );
    const [one, two] = [Buffer.from('123456'), Buffer.alloc(5_000_000, 'x')];
    expect(combinedCrc32(crc32(one), crc32(two), two.length)).toBe(crc32(two, crc32(one)));
    expect(combinedCrc32(0, crc32('123456789'), 9)).toBe(0xcbf43926);
  });
});
