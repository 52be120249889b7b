import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure, status } from '../../src/failure.ts';
import { Busy } from '../../src/files/lock.ts';
import { replaceFile, versionOf, withLocked } from '../../src/files/replace.ts';
import { privateFolder } from '../harness.ts';

const NOW = { waitMs: 0 };

async function aFile(content?: string) {
  const folder = await privateFolder();
  const path = join(folder, 'file');
  if (content !== undefined) writeFileSync(path, content);
  return { folder, path };
}

const failure = (work: Promise<unknown>) =>
  work.then(
    () => expect.unreachable(),
    (error: unknown) => {
      expect(error).toBeInstanceOf(Failure);
      return error;
    },
  );

describe('replaceFile', () => {
  it('puts the new content in place and leaves nothing beside it', async () => {
    const { folder, path } = await aFile('old');
    await replaceFile(path, 'new', NOW);
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it('does not follow a link that somebody put in the place of the next version', async () => {
    const { folder, path } = await aFile('old');
    writeFileSync(join(folder, 'victim'), 'precious');
    symlinkSync('victim', join(folder, '.file.next'));
    expect(await failure(replaceFile(path, 'new', NOW))).toMatchObject({ status: status.io });
    expect(readFileSync(join(folder, 'victim'), 'utf8')).toBe('precious');
    expect(readFileSync(path, 'utf8')).toBe('old');
  });

  it('creates a file as the umask says', async () => {
    const { path } = await aFile();
    const before = process.umask();
    await replaceFile(path, '', NOW);
    expect(statSync(path).mode & 0o777).toBe(0o666 & ~before);
  });

  it.each([0o600, 0o640, 0o666, 0o444, 0o755])('keeps mode %o', async (mode) => {
    const { path } = await aFile('old');
    chmodSync(path, mode);
    await replaceFile(path, 'new', NOW);
    expect(statSync(path).mode & 0o7777).toBe(mode);
  });

  // README: "`buffer-tail` writes the new version beside the file, syncs it, and renames it over the old one, under a
  // lock that the kernel releases when its holder dies."
  it('is another file afterwards, so that who reads the old one reads it to its end', async () => {
    const { path } = await aFile('old');
    const before = statSync(path).ino;
    await replaceFile(path, 'new', NOW);
    expect(statSync(path).ino).not.toBe(before);
  });

  it('keeps a symbolic link, and replaces what it leads to', async () => {
    const { folder, path } = await aFile('old');
    symlinkSync('file', join(folder, 'link'));
    symlinkSync('link', join(folder, 'link to link'));
    await replaceFile(join(folder, 'link to link'), 'new', NOW);
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(lstatSync(path).isFile()).toBe(true);
    expect(readlinkSync(join(folder, 'link to link'))).toBe('link');
    expect(readdirSync(folder).sort()).toEqual(['file', 'link', 'link to link']);
  });

  it('creates what a symbolic link leads to when it is not there yet', async () => {
    const { folder, path } = await aFile();
    mkdirSync(join(folder, 'links'));
    symlinkSync('../file', join(folder, 'links', 'link'));
    await replaceFile(join(folder, 'links', 'link'), 'new', NOW);
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(readlinkSync(join(folder, 'links', 'link'))).toBe('../file');
  });

  it('takes over what a killed process left, whatever it holds', async () => {
    const { folder, path } = await aFile('old');
    writeFileSync(join(folder, '.file.next'), 'half of a much longer conte', { mode: 0o444 });
    await replaceFile(path, 'new', NOW);
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it('refuses a folder', async () => {
    const { folder } = await aFile();
    expect(await failure(replaceFile(folder, '', NOW))).toMatchObject({
      status: status.noInput,
      message: `${folder}: is a directory`,
    });
  });

  it('writes to a device', async () => {
    await replaceFile('/dev/null', 'new', NOW);
    expect(await failure(replaceFile('/dev/full', 'new', NOW))).toMatchObject({
      status: status.io,
      message: '/dev/full: no space left on device',
    });
  });

  it('takes no device for a file that can be locked', async () => {
    expect(await failure(withLocked('/dev/null', NOW, () => {}))).toMatchObject({
      status: status.io,
      message: '/dev/null: is not a regular file and cannot be replaced',
    });
  });

  it('refuses a folder that is missing', async () => {
    const { folder } = await aFile();
    expect(await failure(replaceFile(join(folder, 'no', 'file'), '', NOW))).toMatchObject({
      status: status.noInput,
      message: `${join(folder, 'no', 'file')}: no such file or directory`,
    });
  });

  it('refuses links that lead in a circle', async () => {
    const { folder, path } = await aFile();
    symlinkSync('file', join(folder, 'link'));
    symlinkSync('link', path);
    expect(await failure(replaceFile(path, '', NOW))).toMatchObject({ status: status.noInput });
    expect(readdirSync(folder).sort()).toEqual(['file', 'link']);
  });
});

describe('withLocked', () => {
  it('reads what is there, and undefined where nothing is', async () => {
    const { path } = await aFile('content');
    expect(await withLocked(path, NOW, (file) => file.read())).toEqual(Buffer.from('content'));
    expect(await withLocked(`${path}2`, NOW, (file) => file.read())).toBeUndefined();
    expect(await withLocked(`${path}2`, NOW, (file) => file.readLastLines(1))).toBeUndefined();
  });

  it('leaves everything as it was when the work does not replace', async () => {
    const { folder, path } = await aFile('content');
    const before = statSync(path);
    await withLocked(path, NOW, (file) => file.read());
    expect(statSync(path)).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it('unlocks and cleans up when the work fails', async () => {
    const { folder, path } = await aFile('content');
    const work = withLocked(path, NOW, () => Promise.reject(new Error('broken')));
    await expect(work).rejects.toThrow('broken');
    expect(readdirSync(folder)).toEqual(['file']);
    await replaceFile(path, 'new', NOW);
    expect(readFileSync(path, 'utf8')).toBe('new');
  });

  it('lets nobody else in, by whatever link', async () => {
    const { folder, path } = await aFile('content');
    symlinkSync('file', join(folder, 'link'));
    await withLocked(path, NOW, async () => {
      expect(await failure(replaceFile(path, 'new', NOW))).toBeInstanceOf(Busy);
      expect(await failure(replaceFile(join(folder, 'link'), 'new', NOW))).toBeInstanceOf(Busy);
    });
    expect(readFileSync(path, 'utf8')).toBe('content');
  });

  it('still excludes others between the replacement and the end of the work', async () => {
    const { path } = await aFile('0');
    const add = () =>
      withLocked(path, { waitMs: 30_000 }, async (file) => {
        const count = Number(await file.read());
        await file.replace(String(count + 1));
      });
    await Promise.all(Array.from({ length: 40 }, add));
    expect(readFileSync(path, 'utf8')).toBe('40');
  });

  it('reads the last lines, at least as many as asked, and whole ones only', async () => {
    const { path } = await aFile();
    const line = fc.integer({ min: 0, max: 9000 }).map((length) => `${'x'.repeat(length)}\n`);
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 60 }),
        fc.integer({ min: 1, max: 70 }),
        fc.string(),
        async (lines, count, torn) => {
          writeFileSync(path, lines.join('') + torn.replaceAll('\n', ''));
          const last = String(await withLocked(path, NOW, (file) => file.readLastLines(count)));
          const all = readFileSync(path, 'utf8');
          expect(all.endsWith(last)).toBe(true);
          expect(all.length === last.length || all.at(-last.length - 1) === '\n').toBe(true);
          expect(last.split('\n').length - 1).toBeGreaterThanOrEqual(Math.min(count, lines.length));
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('versionOf', () => {
  it('is the same as long as the file is', async () => {
    const { path } = await aFile('content');
    const before = await versionOf(path);
    writeFileSync(path, 'other content', { flag: 'a' });
    chmodSync(path, 0o600);
    expect(await versionOf(path)).toBe(before);
    await replaceFile(path, 'other content', NOW);
    expect(await versionOf(path)).not.toBe(before);
  });

  it('never comes back', async () => {
    const { path } = await aFile('content');
    const versions = new Set<string>();
    for (let round = 0; round < 20; round++) {
      versions.add(await versionOf(path));
      await replaceFile(path, 'content', NOW);
    }
    expect(versions.size).toBe(20);
  });

  it('is empty where no file is', async () => {
    const { path } = await aFile();
    expect(await versionOf(path)).toBe('');
  });
});
