/**
 * Moves lines from a file that is replaced to a file that grows, exactly once.
 *
 * The two files cannot change in one step. So a note is left beside the file that grows: it holds the new lines, and says
 * where they begin at the earliest and which version of the other file still holds them.
 *
 *     note, append, replace, remove the note
 *
 * The next process that moves lines to the same file, from whatever file, finds the note of a process that died. If the
 * replaced file is another version by now, the lines have moved. If not, it still holds them, and they are taken back; or,
 * where another program has written behind them since, the move is finished.
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

/** The first line of a note; the lines that move follow. */
interface NoteHead {
  /** The file that is replaced, and the version of it that still holds the lines. */
  readonly from: string;
  readonly version: string;
  /** Size in bytes of the file that grows, before. */
  readonly start: number;
  /** Bytes of all lines. */
  readonly length: number;
}

interface Note extends Omit<NoteHead, 'length'> {
  readonly lines: Buffer;
}

/** Content that is divided. */
interface Parts {
  /** Lines of the file and its new lines, in order; empty when nothing leaves. */
  readonly leaving: Buffer;
  /** The new content of the file. */
  readonly kept: Buffer;
}

/** Lines on their way from one file to another. */
export interface Move {
  /** Divides the content of the file and its new lines. Called once what another process has half done is repaired. */
  divide(): Parts;
  /** The file that grows, which is created if it is missing. */
  readonly to: string;
  /** Hears of half a line at its end that is not of our making, before it is taken off. */
  reportTorn(torn: TornLine): void;
}

/** A process has died whose lines stand in both files, and can no longer be taken back. */
class HalfMoved extends Failure {
  /** The file that still holds the lines. */
  readonly from: string;

  constructor(from: string, to: string) {
    super(status.io, `${to}: ends with lines that ${from} still holds`);
    this.from = from;
  }
}

/** Runs `work`, which may call `moveLines`, while no other process may replace the file `name`. @throws as `withLocked` does */
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
      // Under the lock of the file that holds them, which need not be this one.
      await finishMove(error.from, to, options);
    }
  }
}

/**
 * Replaces `file` with what is kept of it, and appends what leaves to another file.
 *
 * @returns what is kept
 * @throws Failure; the file is then as it was, and the next call repairs what was half done
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

/** Takes lines that can no longer be taken back out of the file that still holds them. */
function finishMove(from: string, to: string, options: LockOptions): Promise<void> {
  return withLocked(from, options, (file) =>
    withAppendable(to, options, (target) => {
      const path = notePath(to);
      const note = readNote(path, to);
      // Another process may have finished it.
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

/** Takes lines back that another process has left in both files. @returns those that stay there */
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
    // A torn note was never followed by an append.
    if (errorCode(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    // Nor was one of another user's that is still empty: it gets its owner before its content.
    if (errorCode(error) === 'EACCES' && statSync(path).size === 0) return undefined;
    throw writeFailure(name, error);
  }
}

/** The path of a note, the file that it stands beside, and the name of that in messages. */
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
