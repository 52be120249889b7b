import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/failure.ts';
import { HeldBytes } from '../../src/files/held-bytes.ts';

async function all(held: HeldBytes): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of held.chunks()) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('HeldBytes', () => {
  it('gives all bytes, as often as they are asked for', async () => {
    const held = new HeldBytes();
    const bytes = Buffer.alloc(3_000_000, 'abc');
    for (let at = 0; at < bytes.length; at += 999_999) held.add(bytes.subarray(at, at + 999_999));
    expect((await all(held)).equals(bytes)).toBe(true);
    expect((await all(held)).equals(bytes)).toBe(true);
    held.close();
  });

  it('fails (74) where they can be neither written nor read', async () => {
    const held = new HeldBytes();
    held.add(Buffer.from('a'));
    held.close();
    const failure = new Failure(74, `${tmpdir()}: bad file descriptor`);
    expect(() => held.add(Buffer.from('b'))).toThrow(failure);
    await expect(all(held)).rejects.toThrow(failure);
  });
});
