import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAll, readAt, unlessInterrupted } from '../../src/files/read-at.ts';
import { privateFolder } from '../harness.ts';

/** Fails with these errors first. */
function failing(...codes: string[]) {
  return () => {
    const code = codes.shift();
    if (code !== undefined) throw Object.assign(new Error(code), { code });
    return 'done';
  };
}

describe('unlessInterrupted', () => {
  it('calls again after a signal, however often', () => {
    expect(unlessInterrupted(failing('EINTR', 'EINTR', 'EINTR'))).toBe('done');
  });

  it('throws any other error', () => {
    expect(() => unlessInterrupted(failing('EINTR', 'EIO'))).toThrow('EIO');
  });
});

describe('readAt and readAll', () => {
  it('read from an offset, on, and all', async () => {
    const path = join(await privateFolder(), 'file');
    writeFileSync(path, 'abcdef');
    const file = openSync(path, 'r');
    const space = Buffer.alloc(4);
    expect([readAt(file, space, 3), space.toString('latin1', 0, 3)]).toEqual([3, 'def']);
    expect([readAt(file, space, null), String(space)]).toEqual([4, 'abcd']);
    expect([readAt(file, space, null), readAt(file, space, null)]).toEqual([2, 0]);
    expect(String(readAll(file))).toBe('abcdef');
    closeSync(file);
  });
});
