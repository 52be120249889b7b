/**
 * Moves lines from a file that is replaced (the source) to a file that grows (the target), exactly once.
 *
 * Two files cannot change atomically, so the move is journaled. A note beside the target holds the moving lines, the
 * target's size before the append, and the version of the source that still holds them.
 *
 *     write the note, append, replace, remove the note
 *
 * The next move to the same target, from any source, finds the note of a process that died. If the source has another
 * version by now, the move was completed. If not, both files may hold the lines: they are truncated off the target, or,
 * where another program has written after them, the move is completed.
 */

import { closeSync, fsyncSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errorCode, Failure, status, writeFailure } from '../failure.ts';
import { type Appendable, type TornLine, withAppendable } from './append.ts';
import { withoutLines } from './find-appended.ts';
import type { LockOptions } from './lock.ts';
import { handOver, temporaryMode } from './ownership.ts';
import { unlessInterrupted } from './read-at.ts';
import { removeTemporary } from './remove.ts';
import { type LockedFile, syncFolder, versionOf, withLocked } from './replace.ts';
import { resolveTarget } from './resolve-target.ts';

const NEWLINE = 10;

/** The first line of a note; the moving lines follow. */
interface NoteHead {
  /** The source, and the version of it that still holds the lines. */
  readonly from: string;
  readonly version: string;
  /** Size of the target before the append, in bytes. */
  readonly start: number;
  /** Total length of the lines, in bytes. */
  readonly length: number;
}

interface Note extends Omit<NoteHead, 'length'> {
  readonly lines: Buffer;
}

/** Divided content. */
interface Parts {
  /** Lines that go to the target, in order; may be empty. */
  readonly leaving: Buffer;
  /** The new content of the source. */
  readonly kept: Buffer;
}

/** A move from one file to another. */
export interface Move {
  /** Divides the content of the source and its new lines. Called after an interrupted move has been repaired. */
  divide(): Parts;
  /** The target, created if missing. */
  readonly to: string;
  /** Told of a torn line at the target's end that no move of ours left, before it is cut off. */
  reportTorn(torn: TornLine): void;
}

/** A process died with its lines in both files, and they can no longer be truncated off the target. */
class HalfMoved extends Failure {
  /** The source that still holds the lines. */
  readonly from: string;

  constructor(from: string, to: string) {
    super(status.io, `${to}: its last lines are also still in ${from}`);
    this.from = from;
  }
}

/** `withLocked` for work that may call `moveLines`. */
export async function withMovable<Result>(
  name: string,
  to: string | undefined,
  options: LockOptions,
  work: (file: LockedFile) => Promise<Result> | Result,
): Promise<Result> {
  for (;;) {
    try {
      return await withLocked(name, options, work);
    } catch (error) {
      if (!(error instanceof HalfMoved) || to === undefined) throw error;
      // Under the lock of the file that holds the lines, which need not be this one.
      await finishMove(error.from, to, options);
    }
  }
}

/**
 * Replaces `file` with the lines it keeps, and appends the others to the target.
 *
 * @returns the new content of the file
 * @throws Failure; the file is then unchanged, and the next call repairs the interrupted move
 */
export function moveLines(file: LockedFile, move: Move, options: LockOptions): Promise<Buffer> {
  const { to } = move;
  const path = notePath(to);
  return withAppendable(to, options, async (target) => {
    const note = readNote(path, to);
    if (note !== undefined && takeBack(target, note).length > 0) throw new HalfMoved(note.from, to);
    await target.cutTorn(move.reportTorn);
    const { leaving, kept } = move.divide();
    if (leaving.length > 0) {
      const note = { from: file.path, version: versionOf(file.path), start: target.size, lines: leaving };
      writeNote({ path, beside: resolveTarget(to), name: to }, note);
      target.append(leaving);
    }
    file.replace(kept);
    removeTemporary(path, to, ', though all lines are in place');
    return kept;
  });
}

/** Completes a move by removing from the source the lines that must stay in the target. */
function finishMove(from: string, to: string, options: LockOptions): Promise<void> {
  return withLocked(from, options, (file) =>
    withAppendable(to, options, (target) => {
      const path = notePath(to);
      const note = readNote(path, to);
      // Another process may have completed it.
      if (note?.from !== file.path) return;
      const moved = takeBack(target, note);
      if (moved.length > 0) file.replace(withoutLines(file.read() ?? Buffer.alloc(0), moved));
      removeTemporary(path, to, ', though all lines are in place');
    }),
  );
}

function notePath(to: string): string {
  const path = resolveTarget(to);
  return join(dirname(path), `.${basename(path)}.moving`);
}

/** Truncates lines off the target that a dead process left in both files. @returns those that must stay */
function takeBack(target: Appendable, { from, version, lines, start }: Note): Buffer {
  return versionOf(from) === version ? target.takeBack(lines, start) : Buffer.alloc(0);
}

function readNote(path: string, name: string): Note | undefined {
  try {
    const bytes = unlessInterrupted(() => readFileSync(path));
    const end = bytes.indexOf(NEWLINE);
    const head = JSON.parse(bytes.toString('utf8', 0, Math.max(0, end))) as Partial<NoteHead> | null;
    const { from, version, start, length } = head ?? {};
    const lines = bytes.subarray(end + 1);
    const isWhole = from !== undefined && version !== undefined && start !== undefined;
    return isWhole && lines.length === length ? { from, version, start, lines } : undefined;
  } catch (error) {
    // A torn note was never followed by an append: the note is synced first.
    if (errorCode(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    // Nor was another user's empty note: a note gets its owner before its content.
    if (errorCode(error) === 'EACCES' && statSync(path).size === 0) return undefined;
    throw writeFailure(name, error);
  }
}

/** The path of a note, the file beside it, and that file's name in messages. */
interface NotePlace {
  readonly path: string;
  readonly beside: string;
  readonly name: string;
}

function writeNote({ path, beside, name }: NotePlace, { lines, ...others }: Note): void {
  const head: NoteHead = { ...others, length: lines.length };
  removeTemporary(path, name);
  try {
    const grows = statSync(beside);
    const file = openSync(path, 'wx', temporaryMode(grows));
    try {
      handOver(file, grows, temporaryMode(grows));
      writeFileSync(file, Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), lines]));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    syncFolder(dirname(path));
  } catch (error) {
    throw writeFailure(name, error);
  }
}
