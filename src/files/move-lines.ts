/**
 * Moving lines from a file that is replaced to a file that grows, exactly once.
 *
 * The two files cannot change in one step. So a note is left beside the first one before the second one grows, which
 * says what is about to be appended and which version of the first file still holds it:
 *
 *     note, append, replace, remove the note
 *
 * Whoever finds a note later knows what happened. If the file is another version by now, the lines have moved. If it is
 * the same, it will give up the same lines again, and those that had been appended already are not appended twice.
 */

import { open, readFile, unlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { errorCode, writeFailure } from '../failure.ts';
import { withAppendable } from './append.ts';
import type { LockOptions } from './lock.ts';
import { type LockedFile, syncFolder } from './replace.ts';

const NEWLINE = 10;

interface Note {
  /** The file that grows. */
  readonly to: string;
  /** Where in it the lines begin, and how many bytes they are. */
  readonly at: number;
  readonly length: number;
  /** The version of the replaced file that still holds them. */
  readonly identity: number;
}

/**
 * Puts `kept` in the place of `file` and appends `leaving` to the file `to`.
 *
 * @param leaving the oldest lines of the file and its new lines, in order; empty when nothing leaves
 * @throws Failure; the file is as it was then, and calling again repairs what was half done
 */
export async function moveLines(
  file: LockedFile,
  { leaving, kept, to }: { leaving: Buffer; kept: Buffer; to: string },
  options: LockOptions,
): Promise<void> {
  const notePath = join(dirname(file.path), `.${basename(file.path)}.moving`);
  const identity = await file.identity();
  const found = await readNote(notePath);
  const interrupted = found?.identity === identity && found.to === resolve(to) ? found : undefined;
  if (leaving.length > 0) {
    await withAppendable(to, options, async (target) => {
      const at = interrupted?.at ?? target.size;
      const there = interrupted ? await target.read(at, interrupted.length) : Buffer.alloc(0);
      const rest = leaving.subarray(commonLines(there, leaving));
      if (rest.length === 0) return;
      await writeNote(notePath, { to: resolve(to), at, length: target.size + rest.length - at, identity });
      await target.append(rest);
    });
  }
  await file.replace(kept);
  if (found !== undefined || leaving.length > 0) await unlink(notePath).catch(() => {});
}

/** The length in bytes of the whole lines that both begin with. */
function commonLines(a: Buffer, b: Buffer): number {
  const shorter = Math.min(a.length, b.length);
  let same = 0;
  while (same < shorter && a[same] === b[same]) same += 1;
  return same === 0 ? 0 : a.lastIndexOf(NEWLINE, same - 1) + 1;
}

async function readNote(path: string): Promise<Note | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Note;
  } catch (error) {
    // A torn note was never followed by an append.
    if (errorCode(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw writeFailure(path, error);
  }
}

async function writeNote(path: string, note: Note): Promise<void> {
  try {
    const file = await open(path, 'w', 0o600);
    try {
      await file.writeFile(JSON.stringify(note));
      await file.sync();
    } finally {
      await file.close();
    }
    await syncFolder(dirname(path));
  } catch (error) {
    throw writeFailure(path, error);
  }
}
