/**
 * Moving lines from a file that is replaced to a file that grows, exactly once.
 *
 * The two files cannot change in one step. So a note is left beside the file that grows, which says where its new lines
 * begin and which version of the other file still holds them:
 *
 *     note, append, replace, remove the note
 *
 * Whoever moves lines there next, from whatever file, finds the note of a process that died. If the replaced file is
 * another version by now, the lines have moved. If it is the same, it still holds them, and they are taken back.
 */

import { closeSync, fsyncSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errorCode, writeFailure } from '../failure.ts';
import { type Appendable, withAppendable } from './append.ts';
import type { LockOptions } from './lock.ts';
import { type LockedFile, remove, resolveTarget, syncFolder, versionOf } from './replace.ts';

interface Note {
  /** The file that is replaced, and its version that still holds the lines. */
  readonly from: string;
  readonly version: string;
  /** Where the lines begin and end in the file that grows. */
  readonly start: number;
  readonly end: number;
}

/**
 * Puts `kept` in the place of `file` and appends `leaving` to the file `to`, which is created where it is missing.
 *
 * @param leaving lines of the file and its new lines, in order; empty when nothing leaves
 * @throws Failure; the file is as it was then, and calling again repairs what was half done
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
    // If it stays, it is of a version that is gone, so it says nothing any more.
    remove(notePath);
  });
}

/** Ends what another process left half done. What stands beyond its lines is of a stranger, and stays with them. */
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
