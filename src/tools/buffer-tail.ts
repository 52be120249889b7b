/**
 * buffer-tail: append stdin to a file, keep its last lines, print them.
 *
 * stdin   lines of any bytes; a BOM and CRs are taken off      stdout  the window, when input ends
 * FILE    the old window or the new one, whole: replaced in one step under a lock, synced to disk
 * Memory: the window, and what arrives in half a second.
 */

import { createReadStream } from 'node:fs';
import { chunksOf } from '../cli/input.ts';
import { defineTool, type Io, rejectOptions, wholeNumber } from '../cli/tool.ts';
import { Failure, status } from '../failure.ts';
import { type TornLine, withAppendable } from '../files/append.ts';
import { textFiles } from '../files/command-files.ts';
import { Busy, type LockOptions } from '../files/lock.ts';
import { moveLines } from '../files/move-lines.ts';
import { type LockedFile, withLocked } from '../files/replace.ts';
import { lineAt, tornLine, wholeLines } from '../lines/byte-lines.ts';
import { splitBytes } from '../lines/byte-splitter.ts';
import { isTooLong, LONGEST_LINE } from '../lines/limits.ts';
import { parseDuration } from '../readings/duration.ts';
import { lineTime } from '../readings/line-time.ts';
import { tail, type Window } from '../readings/tail.ts';

const NEWLINE = 10;
const DEFAULT_COUNT = 60;

interface Settings {
  readonly window: Window;
  readonly unique: boolean;
  readonly overflow: string | undefined;
  readonly onBusy: 'wait' | 'skip' | 'fail';
  readonly lock: LockOptions;
  /** Says that half a line stands at the end of a file, which is then taken off. */
  tornIn(file: string): (torn: TornLine) => void;
}

export default defineTool({
  name: 'buffer-tail',
  summary: 'Append stdin to FILE, keep only its last lines, and print them.',
  operands: '[FILE]',
  options: {
    lines: {
      alias: 'n',
      type: 'text',
      parse: parseCount,
      describe: 'keep this many lines, or all (default: 60)',
    },
    last: {
      type: 'text',
      parse: parseDuration,
      describe: 'keep lines less than this older than the newest one, such as 1h',
    },
    unique: { alias: 'u', type: 'flag', describe: 'skip lines that FILE already holds' },
    overflow: { type: 'text', describe: 'append lines that leave the window to this FILE' },
    'on-busy': {
      type: 'text',
      choices: ['wait', 'skip', 'fail'],
      default: 'wait',
      describe: 'when another process holds FILE',
    },
    wait: { type: 'text', parse: parseDuration, default: '10s', describe: 'how long to wait for the lock' },
    ...rejectOptions,
  },
  examples: [
    ['get-temp | $0 temperature.log', 'keep the last 60 readings'],
    [
      'get-temp | $0 --last 1h --overflow old.log temperature.log',
      'keep an hour, move older lines to old.log',
    ],
    ['get-temp | $0 -u -n all readings.log', 'a log that only grows, without duplicates'],
  ],
  notes:
    'Without FILE it is a filter. At any moment FILE is the whole old window or the whole new one; it is ' +
    'updated as lines arrive and printed when input ends. A last line without a newline is never kept. ' +
    'Without any complete line FILE is left alone and the status is 66.',
  files: ({ overflow }, [file]) => ({ inputs: ['-'], outputs: textFiles(file, overflow) }),
  async *run(options, io, [file]) {
    const window: Window = {
      count: options.lines ?? (options.last === undefined ? DEFAULT_COUNT : Number.POSITIVE_INFINITY),
      lastMs: options.last ?? Number.POSITIVE_INFINITY,
    };
    const lock = { waitMs: options['on-busy'] === 'wait' ? options.wait : 0 };
    const settings = {
      window,
      unique: options.unique,
      overflow: options.overflow,
      onBusy: options['on-busy'],
      lock,
      tornIn: (name: string) => (torn: TornLine) => rejectTorn(torn, name, io),
    };
    if (file === undefined || file === '-') {
      if (options.overflow !== undefined) throw new Failure(status.usage, '--overflow needs FILE');
      yield* filter(settings, io);
      return;
    }
    if (growsOnly(window)) yield* grow(file, settings, io);
    else yield* keepTail(file, settings, io);
  },
});

function parseCount(text: string): number {
  return text === 'all' ? Number.POSITIVE_INFINITY : wholeNumber(1)(text);
}

function growsOnly({ count, lastMs }: Window): boolean {
  return count === Number.POSITIVE_INFINITY && lastMs === Number.POSITIVE_INFINITY;
}

async function* filter({ window, unique }: Settings, io: Io): AsyncGenerator<Buffer> {
  let kept: Buffer = Buffer.alloc(0);
  for await (const lines of usableLines(undefined, window, io)) {
    kept = tail(Buffer.concat([kept, unique ? unknownLines(lines, kept) : lines]), window).kept;
  }
  yield kept;
}

async function* keepTail(file: string, settings: Settings, io: Io): AsyncGenerator<Buffer> {
  let kept: Buffer | undefined;
  for await (const lines of usableLines(file, settings.window, io)) {
    kept = await unlessBusy(file, settings, io, () =>
      withLocked(file, settings.lock, (locked) => change(locked, lines, settings)),
    );
  }
  if (kept !== undefined) yield kept;
}

/** Adds lines to the window in the file. @returns the new window */
async function change(
  file: LockedFile,
  lines: Buffer,
  { window, unique, overflow, lock, tornIn }: Settings,
): Promise<Buffer> {
  // Only what goes to the overflow must be read whole; otherwise the end of the file is enough, however long it is.
  const endIsEnough =
    overflow === undefined &&
    window.count < Number.POSITIVE_INFINITY &&
    window.lastMs === Number.POSITIVE_INFINITY;
  const content = (endIsEnough ? file.readLastLines(window.count) : file.read()) ?? Buffer.alloc(0);
  const before = content.subarray(0, content.lastIndexOf(NEWLINE) + 1);
  const torn = content.subarray(before.length);
  if (torn.length > 0) tornIn(file.name)({ bytes: torn, number: file.countLines() + 1 });
  const added = unique ? unknownLines(lines, before) : lines;
  const { leaving, kept } = tail(Buffer.concat([before, added]), window);
  // Even when nothing leaves: a process that died may have left lines in the overflow that must be taken back.
  if (overflow !== undefined)
    await moveLines(file, { leaving, kept, to: overflow, reportTorn: tornIn(overflow) }, lock);
  else if (added.length > 0 || leaving.length > 0 || torn.length > 0) file.replace(kept);
  return kept;
}

async function* grow(file: string, settings: Settings, io: Io): AsyncGenerator<Buffer> {
  let size: number | undefined;
  for await (const lines of usableLines(file, settings.window, io)) {
    size = await unlessBusy(file, settings, io, () =>
      withAppendable(file, settings.lock, (log) => {
        log.cutTorn(settings.tornIn(file));
        const added = settings.unique ? unknownLines(lines, log.read(0, log.size)) : lines;
        if (added.length > 0) log.append(added);
        return log.size;
      }),
    );
  }
  const end = (size ?? 0) - 1;
  if (end >= 0) yield* chunksOf(() => createReadStream(file, { end }), file, io.signal);
}

/** The lines of stdin in batches, without those that no window can hold. @throws Failure (no input) when FILE gets none */
async function* usableLines(file: string | undefined, { lastMs }: Window, io: Io): AsyncGenerator<Buffer> {
  let seen = 0;
  for await (const { lines, first } of wholeLines(io.stdin, io.reject)) {
    const usable =
      lastMs === Number.POSITIVE_INFINITY ? lines : lines.filter((line, at) => hasTime(line, first + at, io));
    seen += lines.length;
    io.accept(usable.length);
    if (usable.length > 0) yield Buffer.concat(usable);
  }
  if (seen === 0 && file !== undefined) throw new Failure(status.noInput, 'no complete line on stdin');
}

function hasTime(bytes: Buffer, number: number, io: Io): boolean {
  const line = lineAt(bytes, number);
  if (lineTime(line.text) !== undefined) return true;
  io.reject(line, { kind: 'without a time', detail: 'line does not begin with a time' });
  return false;
}

/** @throws Failure (usage) when it is too long for a line, so that the file is something else */
function rejectTorn({ bytes, number }: TornLine, file: string, io: Io): void {
  if (isTooLong(bytes)) {
    const message = `${file}: is not a file of lines: the last ${LONGEST_LINE} bytes have no newline`;
    throw new Failure(status.usage, message);
  }
  io.reject(lineAt(bytes, number, true, file), tornLine);
}

/** The lines that `known` does not hold, each once. */
function unknownLines(lines: Buffer, known: Buffer): Buffer {
  // latin1 keeps every byte, whatever the encoding of the lines.
  const seen = new Set(splitBytes(known).map((line) => line.toString('latin1')));
  return Buffer.concat(
    splitBytes(lines).filter((line) => {
      const text = line.toString('latin1');
      return !seen.has(text) && seen.add(text);
    }),
  );
}

async function unlessBusy<Result>(
  file: string,
  { onBusy }: Settings,
  io: Io,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Busy) || onBusy !== 'skip') throw error;
    io.warn(`${file}: busy: input skipped`);
    return undefined;
  }
}
