/**
 * Moves lines from a file that is replaced to a file that grows, exactly once.
 *
 * The two files cannot change in one step. So a note is left beside the file that grows: it holds the new lines, and says
 * where they begin at the earliest and which version of the other file still holds them.
 *
 *     note, append, replace, remove the note
 *
 * The next process that moves lines to the same file, from whatever file, finds the note of a process that died. If the
 * replaced file is another version by now, the lines have moved. If not, it still holds them, and they are taken back,
 * unless another program has written behind them since.
 */

import { closeSync, fsyncSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errorCode, writeFailure } from '../failure.ts';
import { type Appendable, type TornLine, withAppendable } from './append.ts';
import type { LockOptions } from './lock.ts';
import { handOver, temporaryMode } from './ownership.ts';
import { unlessInterrupted } from './read-at.ts';
import { removeTemporary } from './remove.ts';
import { type LockedFile, syncFolder, versionOf } from './replace.ts';
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

/** Lines on their way from one file to another. */
export interface Move {
  /** Lines of the file and its new lines, in order; empty when nothing leaves. */
  readonly leaving: Buffer;
  /** The new content of the file. */
  readonly kept: Buffer;
  /** The file that grows, which is created if it is missing. */
  readonly to: string;
  /** Hears of half a line at its end that is not of our making, before it is taken off. */
  reportTorn(torn: TornLine): void;
}

/**
 * Replaces `file` with `kept` and appends `leaving` to another file.
 *
 * @throws Failure; the file is then as it was, and the next call repairs what was half done
 */
export async function moveLines(file: LockedFile, move: Move, options: LockOptions): Promise<void> {
  const { leaving, kept, to } = move;
  const path = resolveTarget(to);
  const notePath = join(dirname(path), `.${basename(path)}.moving`);
  await withAppendable(to, options, (target) => {
    takeBack(target, readNote(notePath, to));
    target.cutTorn(move.reportTorn);
    if (leaving.length > 0) {
      const note = { from: file.path, version: versionOf(file.path), start: target.size, lines: leaving };
      writeNote({ path: notePath, beside: path, name: to }, note);
      target.append(leaving);
    }
    file.replace(kept);
    removeTemporary(notePath, to, ', though all lines are in place');
  });
}

/** Takes lines back that another process has left in both files. */
function takeBack(target: Appendable, note: Note | undefined): void {
  if (note !== undefined && versionOf(note.from) === note.version) target.takeBack(note.lines, note.start);
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
