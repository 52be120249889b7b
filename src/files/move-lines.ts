/**
 * Moves lines from a file that is replaced to a file that grows, exactly once.
 *
 * The two files cannot change in one step. So a note is left beside the file that grows: it says where the new lines begin
 * and which version of the other file still holds them.
 *
 *     note, append, replace, remove the note
 *
 * The next process that moves lines to the same file, from whatever file, finds the note of a process that died. If the
 * replaced file is another version by now, the lines have moved. If not, it still holds them, and they are taken back.
 */

import { closeSync, fsyncSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errorCode, writeFailure } from '../failure.ts';
import { type Appendable, withAppendable } from './append.ts';
import type { LockOptions } from './lock.ts';
import { type LockedFile, remove, syncFolder, versionOf } from './replace.ts';
import { resolveTarget } from './resolve-target.ts';

interface Note {
  /** The file that is replaced, and the version of it that still holds the lines. */
  readonly from: string;
  readonly version: string;
  /** Offsets at which the lines begin and end in the file that grows. */
  readonly start: number;
  readonly end: number;
}

/**
 * Replaces `file` with `kept` and appends `leaving` to the file `to`, which is created if it is missing.
 *
 * @param leaving lines of the file and its new lines, in order; empty when nothing leaves
 * @throws Failure; the file is then as it was, and the next call repairs what was half done
 */
export async function moveLines(
  file: LockedFile,
  { leaving, kept, to }: { leaving: Buffer; kept: Buffer; to: string },
  options: LockOptions,
): Promise<void> {
  const path = resolveTarget(to);
  const notePath = join(dirname(path), `.${basename(path)}.moving`);
  await withAppendable(to, options, (target) => {
    takeBack(target, notePath);
    if (leaving.length > 0) {
      const [start, end] = [target.size, target.size + leaving.length];
      writeNote(notePath, { from: file.path, version: versionOf(file.path), start, end });
      target.append(leaving);
    }
    file.replace(kept);
    // If this fails, the note is about a version that is gone, and means nothing any more.
    remove(notePath);
  });
}

/** Takes lines back that another process left in both files; not if something else has been appended to them since. */
function takeBack(target: Appendable, notePath: string): void {
  const note = readNote(notePath);
  if (note === undefined || target.size <= note.start || target.size > note.end) return;
  if (versionOf(note.from) === note.version) target.cut(note.start);
}

function readNote(path: string): Note | undefined {
  try {
    const note = JSON.parse(readFileSync(path, 'utf8')) as Partial<Note> | null;
    const { from, version, start, end } = note ?? {};
    const complete = from !== undefined && version !== undefined && start !== undefined && end !== undefined;
    return complete ? { from, version, start, end } : undefined;
  } catch (error) {
    // A torn note was never followed by an append.
    if (errorCode(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw writeFailure(path, error);
  }
}

function writeNote(path: string, note: Note): void {
  try {
    const file = openSync(path, 'w', 0o600);
    try {
      writeFileSync(file, JSON.stringify(note));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    syncFolder(dirname(path));
  } catch (error) {
    throw writeFailure(path, error);
  }
}
