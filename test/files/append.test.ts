import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure, status } from '../../src/failure.ts';
import { withAppendable } from '../../src/files/append.ts';
import { Busy } from '../../src/files/lock.ts';
import { privateFolder } from '../harness.ts';

const NOW = { waitMs: 0 };

async function aFile(content?: string) {
  const path = join(await privateFolder(), 'log');
  if (content !== undefined) writeFileSync(path, content);
  return path;
}

const append = (path: string, lines: string, waitMs = 0) =>
  withAppendable(path, { waitMs }, (file) => file.append(Buffer.from(lines)));

describe('withAppendable', () => {
  it('creates the file as the umask says', async () => {
    const path = await aFile();
    await append(path, 'a\n');
    expect(readFileSync(path, 'utf8')).toBe('a\n');
    expect(statSync(path).mode & 0o777).toBe(0o666 & ~process.umask());
  });

  it('leaves a bug what it is', async () => {
    const bug = new TypeError('a bug');
    const work = withAppendable(await aFile(), NOW, () => Promise.reject(bug));
    await expect(work).rejects.toBe(bug);
  });

  it('adds at the end', async () => {
    const path = await aFile('a\n');
    await append(path, 'b\nc\n');
    await append(path, 'd\n');
    expect(readFileSync(path, 'utf8')).toBe('a\nb\nc\nd\n');
  });

  it('counts what it added', async () => {
    const path = await aFile('a\n');
    const sizes = await withAppendable(path, NOW, async (file) => {
      const before = file.size;
      await file.append(Buffer.from('bc\n'));
      await file.append(Buffer.from('d\n'));
      return [before, file.size];
    });
    expect(sizes).toEqual([2, 7]);
    expect(readFileSync(path, 'utf8')).toBe('a\nbc\nd\n');
  });

  it('cuts off half a line, however long it and the lines before it are', async () => {
    const path = await aFile();
    const text = fc.integer({ min: 0, max: 150_000 }).map((length) => 'x'.repeat(length));
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 3 }), text, async (lines, torn) => {
        const whole = lines.map((line) => `${line}\n`).join('');
        writeFileSync(path, whole + torn);
        await append(path, 'new\n');
        expect(readFileSync(path, 'utf8') === `${whole}new\n`).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('reads what stands there, to the end at the most', async () => {
    const path = await aFile('abc\ndef\ntorn');
    const read = (at: number, length: number) => withAppendable(path, NOW, (file) => file.read(at, length));
    expect(String(await read(0, 100))).toBe('abc\ndef\n');
    expect(String(await read(4, 2))).toBe('de');
    expect(String(await read(50, 2))).toBe('');
  });

  it('cuts, and goes on from there', async () => {
    const path = await aFile('a\nb\nc\n');
    await withAppendable(path, NOW, async (file) => {
      await file.cut(2);
      expect(file.size).toBe(2);
      await file.append(Buffer.from('d\n'));
    });
    expect(readFileSync(path, 'utf8')).toBe('a\nd\n');
  });

  it('lets one in at a time', async () => {
    const path = await aFile();
    await withAppendable(path, NOW, async () => {
      await expect(append(path, 'b\n')).rejects.toBeInstanceOf(Busy);
    });
    const lines = Array.from({ length: 40 }, (_, at) => `${at}\n`);
    await Promise.all(lines.map((line) => append(path, line, 30_000)));
    expect(
      readFileSync(path, 'utf8')
        .split(/(?<=\n)/)
        .sort(),
    ).toEqual(lines.sort());
  });

  it('unlocks when the work fails', async () => {
    const path = await aFile('a\n');
    const work = withAppendable(path, NOW, () => Promise.reject(new Failure(status.temporary, 'later')));
    await expect(work).rejects.toThrow('later');
    await append(path, 'b\n');
    expect(readFileSync(path, 'utf8')).toBe('a\nb\n');
  });

  it('follows a symbolic link', async () => {
    const path = await aFile('a\n');
    symlinkSync('log', `${path}.link`);
    await append(`${path}.link`, 'b\n');
    expect(readFileSync(path, 'utf8')).toBe('a\nb\n');
  });

  it.each([
    ['a folder', 'folder', status.noInput, 'is a directory'],
    ['what is in a missing folder', 'no/log', status.io, 'no such file or directory'],
    ['a device', '/dev/full', status.io, 'is not a regular file'],
  ])('refuses %s', async (_, name, code, why) => {
    const folder = await privateFolder();
    mkdirSync(join(folder, 'folder'));
    const path = name.startsWith('/') ? name : join(folder, name);
    const failed = await append(path, 'a\n').catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(Failure);
    expect(failed).toMatchObject({ status: code, message: `${path}: ${why}` });
  });
});
