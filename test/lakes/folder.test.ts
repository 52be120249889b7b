import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { status } from '../../src/failure.ts';
import { openLake } from '../../src/lakes/open.ts';
import { holdLock, privateFolder, until } from '../harness.ts';
import { lakeContract } from './contract.ts';

const { signal } = new AbortController();
const settings = { clobber: true, waitMs: 0, env: {}, explain() {}, signal };

/** All files below a folder. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );
}

async function put(folder: string, name: string, text: string) {
  const object = await (await openLake(`${folder}/`, settings)).begin(name);
  await object.write(Buffer.from(text));
  return object.commit(name);
}

lakeContract(async () => {
  const folder = await privateFolder();
  return { address: `${folder}/`, names: () => filesIn(folder) };
});

describe('a folder as a lake', () => {
  it('is made when it is needed, with the folders above it', async () => {
    const folder = join(await privateFolder(), 'a', 'b');
    await put(folder, 'c', 'x');
    expect(readFileSync(join(folder, 'c'), 'utf8')).toBe('x');
  });

  it('removes what killed processes have left, but nothing that is still written', async () => {
    const folder = await privateFolder();
    const [left, held, other] = ['.lake-put-0000000000000000', '.lake-put-1111111111111111', '.lake-put'];
    for (const name of [left, held, other]) writeFileSync(join(folder, name), 'x');
    await holdLock(join(folder, held));
    await put(folder, 'a', 'x');
    await until(() => !readdirSync(folder).includes(left), 'it is removed');
    expect(readdirSync(folder).sort()).toEqual([other, held, 'a']);
  });

  it('gives no object a name by which it would be removed as unfinished', async () => {
    const folder = await privateFolder();
    await expect(put(folder, '.lake-put-0000000000000000', 'x')).rejects.toThrow('of an unfinished object');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('keeps the mode of an object that is replaced, and the time of one that is not', async () => {
    const folder = await privateFolder();
    await put(folder, 'a', 'one');
    const path = join(folder, 'a');
    expect(statSync(path).mode & 0o777).toBe(0o666 & ~process.umask());
    chmodSync(path, 0o640);
    utimesSync(path, 1000, 1000);
    await put(folder, 'a', 'one');
    expect(statSync(path).mtimeMs).toBe(1_000_000);
    await put(folder, 'a', 'two');
    expect([statSync(path).mode & 0o777, readFileSync(path, 'utf8')]).toEqual([0o640, 'two']);
  });

  it('is not left by a link to a folder outside', async () => {
    const [folder, outside] = [await privateFolder(), await privateFolder()];
    mkdirSync(join(folder, 'inside'));
    symlinkSync(outside, join(folder, 'out'));
    symlinkSync('inside', join(folder, 'in'));
    const message = 'object name "out/a" leads out of the lake through a link';
    await expect(put(folder, 'out/a', 'x')).rejects.toThrow(message);
    await expect(put(folder, 'out/new/a', 'x')).rejects.toThrow('through a link');
    expect(readdirSync(outside)).toEqual([]);
    await put(folder, 'in/a', 'x');
    expect(readFileSync(join(folder, 'inside', 'a'), 'utf8')).toBe('x');
  });

  it('may be a link itself; an object that is a link is replaced, and where it leads to is left alone', async () => {
    const [folder, outside] = [await privateFolder(), await privateFolder()];
    symlinkSync(outside, join(folder, 'lake'));
    writeFileSync(join(folder, 'target'), 'old');
    symlinkSync(join(folder, 'target'), join(outside, 'a'));
    await put(join(folder, 'lake'), 'a', 'new');
    expect(readFileSync(join(outside, 'a'), 'utf8')).toBe('new');
    expect(readFileSync(join(folder, 'target'), 'utf8')).toBe('old');
  });

  it('replaces no database, such as a queue, by what is none, and takes no name that SQLite uses beside it', async () => {
    const folder = await privateFolder();
    await put(folder, 'a.queue', 'SQLite format 3\0...');
    for (const text of ['x', '', 'SQLite format'])
      await expect(put(folder, 'a.queue', text)).rejects.toThrow('object name "a.queue" is that of a SQLite');
    for (const name of ['a.queue-wal', 'a.queue-shm', 'a.queue-journal'])
      await expect(put(folder, name, 'x')).rejects.toThrow(`object name "${name}" is that of a file of a`);
    await put(folder, 'b-wal', 'x');
    await put(folder, 'a.queue', 'SQLite format 3\0, a backup');
    expect(readFileSync(join(folder, 'a.queue'), 'utf8')).toBe('SQLite format 3\0, a backup');
    expect(readdirSync(folder).sort()).toEqual(['a.queue', 'b-wal']);
  });

  it('replaces no link to a descriptor or a device, such as /dev/stdout', async () => {
    const folder = await privateFolder();
    for (const target of ['/proc/self/fd/1', '/dev/stdout', '/dev/null']) {
      symlinkSync(target, join(folder, 'out'));
      await expect(put(folder, 'out', 'x')).rejects.toMatchObject({
        status: status.unavailable,
        message: `${folder}/out: is not a regular file`,
      });
      expect(readlinkSync(join(folder, 'out'))).toBe(target);
      rmSync(join(folder, 'out'));
    }
  });

  it('says when it is not set up, so that a retry is useless', async () => {
    const folder = await privateFolder();
    writeFileSync(join(folder, 'file'), '');
    mkdirSync(join(folder, 'folder'));
    const refused = { status: status.unavailable };
    await expect(put(join(folder, 'file'), 'a', 'x')).rejects.toMatchObject(refused);
    await expect(put(folder, 'file/a', 'x')).rejects.toMatchObject(refused);
    await expect(put(folder, 'folder', 'x')).rejects.toMatchObject({
      ...refused,
      message: `${folder}/folder: is a directory`,
    });
    await expect(put('/dev', 'null', 'x')).rejects.toMatchObject(refused);
    expect(filesIn(folder)).toEqual(['file']);
  });
});
