import { describe, expect, it } from 'vitest';
import { Part } from '../../../src/lakes/s3/part.ts';
import { FIRST_PART, MAX_PARTS, partLength } from '../../../src/lakes/s3/parts.ts';

const MIB = 2 ** 20;

describe('the parts of an upload', () => {
  it('grow, so that 351 GiB fit into as many as there may be', () => {
    const lengths = Array.from({ length: MAX_PARTS }, (_, index) => partLength(index) / MIB);
    expect([0, 624, 625, 1250, 1875, 9999].map((at) => lengths[at])).toEqual([8, 8, 16, 32, 40, 40]);
    expect(Math.floor(lengths.reduce((sum, length) => sum + length, 0) / 1024)).toBe(351);
    expect(FIRST_PART).toBe(partLength(0));
  });

  it('take bytes until they are full, in memory that grows with them', () => {
    const part = new Part(200_000);
    expect([part.add(Buffer.from('abc')), part.length, part.buffer.length]).toEqual([3, 3, 65_536]);
    expect([part.add(Buffer.alloc(150_000, 'x')), part.buffer.length, part.isFull]).toEqual([
      150_000,
      150_003,
      false,
    ]);
    expect([part.add(Buffer.alloc(60_000, 'y')), part.buffer.length, part.isFull]).toEqual([
      49_997,
      200_000,
      true,
    ]);
    expect(part.add(Buffer.from('z'))).toBe(0);
    expect(part.bytes.toString()).toBe(`abc${'x'.repeat(150_000)}${'y'.repeat(49_997)}`);
  });

  it('use the memory of one that is sent again', () => {
    const buffer = Buffer.alloc(70_000);
    const part = new Part(200_000, buffer);
    part.add(Buffer.alloc(70_000, 'x'));
    expect([part.buffer === buffer, part.length]).toEqual([true, 70_000]);
    part.add(Buffer.from('y'));
    expect([part.buffer.length, part.bytes.toString('latin1', 69_999)]).toEqual([140_000, 'xy']);
  });
});
