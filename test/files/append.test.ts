import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, statSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure, status } from '../../src/failure.ts';
import { type TornLine, withAppendable } from '../../src/files/append.ts';
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

  it('adds behind what others have appended meanwhile', async () => {
    const path = await aFile('a\n');
    const size = await withAppendable(path, NOW, (file) => {
      writeFileSync(path, 'theirs\n', { flag: 'a' });
      file.append(Buffer.from('b\n'));
      writeFileSync(path, 'half', { flag: 'a' });
      file.append(Buffer.from('c\n'));
      return file.size;
    });
    expect(readFileSync(path, 'utf8')).toBe('a\ntheirs\nb\nhalfc\n');
    expect(size).toBe('a\ntheirs\nb\nhalfc\n'.length);
  });

  it('begins once more with a new file when this one was removed before lines were in it', async () => {
    const path = await aFile('a\n');
    let tries = 0;
    const size = await withAppendable(path, NOW, (file) => {
      tries += 1;
      if (tries === 1) unlinkSync(path);
      file.append(Buffer.from('b\n'));
      return file.size;
    });
    expect([tries, size, readFileSync(path, 'utf8')]).toEqual([2, 2, 'b\n']);
    const always = withAppendable(path, NOW, (file) => {
      unlinkSync(path);
      file.append(Buffer.from('b\n'));
    });
    await expect(always).rejects.toMatchObject({
      status: status.temporary,
      message: `${path}: was removed while being written`,
    });
  });

  it('loses and tears no line of a program that appends meanwhile', async () => {
    const path = await aFile();
    const others = spawn('bash', ['-c', `for i in {1..4000}; do echo "theirs $i" >>'${path}'; done`]);
    const gone = once(others, 'close');
    const ours: string[] = [];
    while (others.exitCode === null) {
      ours.push(`ours ${ours.length}\n`);
      await append(path, ours.at(-1) ?? '');
      await setImmediate();
    }
    await gone;
    const lines = readFileSync(path, 'utf8').split(/(?<=\n)/);
    expect(lines.filter((line) => line.startsWith('ours'))).toEqual(ours);
    expect(lines.filter((line) => !line.startsWith('ours'))).toEqual(
      Array.from({ length: 4000 }, (_, index) => `theirs ${index + 1}\n`),
    );
  });

  // README: "With `-n all` it appends; if a kill leaves half a line, the next run removes it."
  it('takes half a line off, however long it and the lines before it are, and says so', async () => {
    const path = await aFile();
    const text = fc.integer({ min: 0, max: 150_000 }).map((length) => 'x'.repeat(length));
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 3 }), text, async (lines, torn) => {
        const whole = lines.map((line) => `${line}\n`).join('');
        writeFileSync(path, whole + torn);
        const reported: TornLine[] = [];
        await withAppendable(path, NOW, async (file) => {
          await file.cutTorn((each) => {
            expect(statSync(path).size).toBe(whole.length + torn.length);
            reported.push(each);
          });
          file.append(Buffer.from('new\n'));
        });
        expect(readFileSync(path, 'utf8') === `${whole}new\n`).toBe(true);
        expect(reported.map(({ number }) => number)).toEqual(torn === '' ? [] : [lines.length + 1]);
        expect(reported.every(({ bytes }) => bytes.equals(Buffer.from(torn)))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('leaves half a line where its report failed, and one that another program has gone on with', async () => {
    const path = await aFile('a\nhal');
    const cut = (report: () => void) => withAppendable(path, NOW, (file) => file.cutTorn(report));
    await expect(
      cut(() => {
        throw new Failure(status.io, 'full');
      }),
    ).rejects.toThrow('full');
    expect(readFileSync(path, 'utf8')).toBe('a\nhal');
    await cut(() => writeFileSync(path, 'f a line\n', { flag: 'a' }));
    expect(readFileSync(path, 'utf8')).toBe('a\nhalf a line\n');
  });

  it('takes for half a line only what its writer does not go on with at once', async () => {
    const path = await aFile('a\nhal');
    const reported: TornLine[] = [];
    await withAppendable(path, NOW, async (file) => {
      const cut = file.cutTorn((torn) => reported.push(torn));
      writeFileSync(path, 'f a line\n', { flag: 'a' });
      await cut;
      file.append(Buffer.from('new\n'));
    });
    expect(reported).toEqual([]);
    expect(readFileSync(path, 'utf8')).toBe('a\nhalf a line\nnew\n');
  });

  it('reads what stands there, to the end of the last whole line', async () => {
    const path = await aFile('abc\ndef\ntorn');
    const read = (at: number, length: number) => withAppendable(path, NOW, (file) => file.read(at, length));
    expect(String(await read(0, 100))).toBe('abc\ndef\n');
    expect(String(await read(4, 2))).toBe('de');
    expect(String(await read(50, 2))).toBe('');
  });

  it.each([
    ['all of the lines', 'a\n', 'b\nc\n', 'a\n'],
    ['their beginning', 'a\n', 'b\nc', 'a\n'],
    ['nothing when they are not there', 'a\n', '', 'a\n'],
    ['nothing behind which others have written', 'a\n', 'b\nc\ntheirs\n', 'a\nb\nc\ntheirs\n'],
    ['nothing of others', 'a\n', 'x\n', 'a\nx\n'],
    ['them behind what others have written', 'a\n', 'x\nb\nc\n', 'a\nx\n'],
  ])('takes back %s', async (_, before, behind, after) => {
    const path = await aFile(before + behind);
    await withAppendable(path, NOW, (file) => {
      file.takeBack(Buffer.from('b\nc\n'), before.length);
      expect(file.size).toBe(after.length);
    });
    expect(readFileSync(path, 'utf8')).toBe(after);
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
