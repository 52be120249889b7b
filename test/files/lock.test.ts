import { fstatSync, readFileSync, writeFileSync } from 'node:fs';
import { readdir, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Failure, status } from '../../src/failure.ts';
import { Busy, openLocked } from '../../src/files/lock.ts';
import { holdLock, privateFolder } from '../harness.ts';

async function aLock() {
  const path = join(await privateFolder(), 'lock');
  return { path, name: 'its name', mode: 0o600 };
}

describe('openLocked', () => {
  it('creates the file with its mode, readable and writable', async () => {
    const lockable = await aLock();
    const file = await openLocked(lockable, { waitMs: 0 });
    writeFileSync(file.descriptor, 'text');
    file.close();
    expect((await stat(lockable.path)).mode & 0o777).toBe(0o600);
    expect(readFileSync(lockable.path, 'utf8')).toBe('text');
  });

  it('leaves the content of a file that is there', async () => {
    const lockable = await aLock();
    writeFileSync(lockable.path, 'old');
    (await openLocked(lockable, { waitMs: 0 })).close();
    expect(readFileSync(lockable.path, 'utf8')).toBe('old');
  });

  it('refuses a lock that is held, at once when it may not wait', async () => {
    const lockable = await aLock();
    const holder = await openLocked(lockable, { waitMs: 0 });
    const refused = await openLocked(lockable, { waitMs: 0 }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Busy);
    expect(refused).toMatchObject({
      status: status.temporary,
      message: 'its name: busy: another process holds its lock',
    });
    holder.close();
  });

  it('waits as long as it may, not longer', async () => {
    const lockable = await aLock();
    const holder = await openLocked(lockable, { waitMs: 0 });
    const began = performance.now();
    await expect(openLocked(lockable, { waitMs: 120 })).rejects.toBeInstanceOf(Busy);
    expect(performance.now() - began).toBeGreaterThanOrEqual(119);
    holder.close();
  });

  it('goes on as soon as the holder closes it', async () => {
    const lockable = await aLock();
    const holder = await openLocked(lockable, { waitMs: 0 });
    const waiting = openLocked(lockable, { waitMs: 30_000 });
    holder.close();
    await (await waiting).close();
  });

  // README: "`buffer-tail` writes the new version beside the file, syncs it, and renames it over the old one, under a
  // lock that the kernel releases when its holder dies."
  it('is held against other processes, and dies with them', async () => {
    const lockable = await aLock();
    const holder = await holdLock(lockable.path);
    await expect(openLocked(lockable, { waitMs: 0 })).rejects.toBeInstanceOf(Busy);
    const waiting = openLocked(lockable, { waitMs: 30_000 });
    await holder.kill();
    await (await waiting).close();
  });

  it('starts over when the locked file was renamed by its holder meanwhile', async () => {
    const lockable = await aLock();
    const holder = await openLocked(lockable, { waitMs: 0 });
    const waiting = openLocked(lockable, { waitMs: 30_000 });
    await rename(lockable.path, `${lockable.path}.renamed`);
    holder.close();
    const file = await waiting;
    expect(fstatSync(file.descriptor).ino).toBe((await stat(lockable.path)).ino);
    expect(fstatSync(file.descriptor).ino).not.toBe((await stat(`${lockable.path}.renamed`)).ino);
    file.close();
  });

  it('starts over when the locked file was removed by its holder meanwhile', async () => {
    const lockable = await aLock();
    const holder = await openLocked(lockable, { waitMs: 0 });
    const waiting = openLocked(lockable, { waitMs: 30_000 });
    await unlink(lockable.path);
    holder.close();
    const file = await waiting;
    expect(fstatSync(file.descriptor).ino).toBe((await stat(lockable.path)).ino);
    file.close();
  });

  it('lets one in at a time', async () => {
    const lockable = await aLock();
    let inside = 0;
    let most = 0;
    const visit = async () => {
      const file = await openLocked(lockable, { waitMs: 30_000 });
      inside += 1;
      most = Math.max(most, inside);
      // Every second visitor takes the file away, as replacing does.
      if (inside % 2 === 0) await unlink(lockable.path);
      await new Promise(setImmediate);
      inside -= 1;
      file.close();
    };
    await Promise.all(Array.from({ length: 30 }, visit));
    expect(most).toBe(1);
  });

  it('leaves no descriptor open where it gave up', async () => {
    const lockable = await aLock();
    const holder = await openLocked(lockable, { waitMs: 0 });
    const before = (await readdir('/proc/self/fd').catch(() => [])).length;
    for (let round = 0; round < 20; round++)
      await openLocked(lockable, { waitMs: 0 }).catch((error: unknown) => expect(error).toBeInstanceOf(Busy));
    const after = (await readdir('/proc/self/fd').catch(() => [])).length;
    expect(after - before).toBeLessThan(10);
    holder.close();
  });

  it('says with the name why the file cannot be opened', async () => {
    const folder = await privateFolder();
    const lockable = { path: join(folder, 'no', 'lock'), name: 'its name', mode: 0o600 };
    const failed = await openLocked(lockable, { waitMs: 0 }).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(Failure);
    expect(failed).toMatchObject({ status: status.io, message: 'its name: no such file or directory' });
  });
});
