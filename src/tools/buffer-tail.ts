/**
 * buffer-tail: append stdin to a file, keep its last lines, print them.
 *
 * stdin   lines of any bytes; a BOM and CRs are removed      stdout  the window, at the end of input
 * FILE    always the whole old window or the whole new one: replaced atomically under a lock, synced to disk
 * Memory: the window, and the input of half a second.
 */

import { aheadOption } from '../cli/ahead-option.ts';
import { fileChunks } from '../cli/input.ts';
import { timeOptions, timesBy } from '../cli/time-options.ts';
import { defineTool, type Io, rejectOptions, wholeNumber } from '../cli/tool.ts';
import { durationValue, fileValue, waitValue } from '../cli/value-kinds.ts';
import { Failure, status } from '../failure.ts';
import { type TornLine, withAppendable } from '../files/append.ts';
import { textFiles } from '../files/command-files.ts';
import { Busy, type LockOptions } from '../files/lock.ts';
import { moveLines, withMovable } from '../files/move-lines.ts';
import type { LockedFile } from '../files/replace.ts';
import { inOneBatch, rejectTorn, wholeLines } from '../lines/byte-lines.ts';
import type { Reject } from '../lines/line.ts';
import { type Ahead, FutureCheck } from '../readings/ahead.ts';
import { isNewTo, type LineKeeper, lastLines } from '../readings/line-keeper.ts';
import { LineTimes } from '../readings/line-time.ts';
import { RecentLines } from '../readings/recent-lines.ts';
import type { Tail, Window } from '../readings/tail.ts';

const DEFAULT_COUNT = 60;

interface Settings {
  readonly window: Window;
  readonly unique: boolean;
  readonly overflow: string | undefined;
  readonly ahead: Ahead;
  readonly times: LineTimes;
  readonly onBusy: 'wait' | 'skip' | 'fail';
  readonly lock: LockOptions;
  /** Reports a torn line at the end of a file; the line is then removed. */
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
      value: 'N|all',
      parse: parseCount,
      describe: 'keep this many lines, or all (default: 60)',
    },
    last: { ...durationValue, describe: 'keep lines less than this older than the newest one, such as 1h' },
    ahead: { ...aheadOption.ahead, describe: 'with --last: how far ahead of the clock a line may be' },
    tz: { ...timeOptions.tz, describe: 'with --last: time zone of times without an offset' },
    'time-format': { ...timeOptions['time-format'], manualOnly: true },
    unique: { alias: 'u', type: 'flag', describe: 'skip lines that FILE already holds' },
    overflow: { ...fileValue, describe: 'append lines that leave the window to this FILE' },
    'on-busy': {
      type: 'text',
      choices: ['wait', 'skip', 'fail'],
      default: 'wait',
      describe: 'when another process holds FILE',
    },
    wait: { ...waitValue, default: '10s', describe: 'how long to wait for the lock' },
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
    'Without FILE it is a filter. FILE is updated as lines arrive, and printed when input ends. A last line without a ' +
    'newline is never kept. Without any complete line FILE is left alone and the status is 66.\n' +
    'With -n N or --last, FILE is the whole old window or the whole new one at any moment, and only buffer-tail may write ' +
    'to it. With -n all, others may append to it with >>, and a kill can leave half a line, which the next run removes.\n' +
    'With --last a line from before the window that FILE held is late: it goes to --overflow, else to --rejects.',
  files: ({ overflow }, [file]) => ({ inputs: ['-'], outputs: textFiles(file, overflow) }),
  async *run(options, io, [file]) {
    const window: Window = {
      count: options.lines ?? (options.last === undefined ? DEFAULT_COUNT : Number.POSITIVE_INFINITY),
      lastMs: options.last ?? Number.POSITIVE_INFINITY,
    };
    const isTimed = options.last !== undefined;
    const times = new LineTimes(timesBy(options), io.now);
    const lock = { waitMs: options['on-busy'] === 'wait' ? options.wait : 0 };
    // A torn line in FILE is no reason to reject the batch.
    const refuse: Reject = io.isBatch
      ? ({ source, number }, { detail }) => io.warn(`${source}:${number}: ${detail}`)
      : io.reject;
    const tornIn = (name: string) => (torn: TornLine) => rejectTorn(torn, name, refuse);
    const settings = { ...options, times, window, lock, onBusy: options['on-busy'], tornIn };
    if (file === undefined || file === '-') {
      if (options.overflow !== undefined) throw new Failure(status.usage, '--overflow needs FILE');
      yield* isTimed ? filter(recentLines(settings, io), io) : filter(lastLines({ ...io, ...settings }), io);
      return;
    }
    if (isTimed) yield* keepTail(file, recentLines(settings, io, file), settings, io);
    else if (window.count === Number.POSITIVE_INFINITY) yield* grow(file, settings, io);
    else yield* keepTail(file, lastLines({ ...io, ...settings }), settings, io);
  },
});

function parseCount(text: string): number {
  return text === 'all' ? Number.POSITIVE_INFINITY : wholeNumber(1)(text);
}

function recentLines(settings: Settings, io: Io, file?: string): RecentLines {
  const hasOverflow = settings.overflow !== undefined;
  const future = new FutureCheck({ ...io, ...settings });
  return new RecentLines({ ...io, ...settings, file, hasOverflow, future });
}

async function* filter<Item>(keeper: LineKeeper<Item>, io: Io): AsyncGenerator<Buffer> {
  let kept: Buffer = Buffer.alloc(0);
  for await (const lines of usableLines(keeper, io)) kept = keeper.divide(kept, lines).kept;
  yield kept;
}

async function* keepTail<Item>(
  file: string,
  keeper: LineKeeper<Item>,
  settings: Settings,
  io: Io,
): AsyncGenerator<Buffer> {
  let kept: Buffer | undefined;
  for await (const lines of usableLines(keeper, io, file)) {
    kept = await unlessBusy(file, settings, io, () =>
      withMovable(file, settings.overflow, settings.lock, (locked) =>
        change(locked, (before) => keeper.divide(before, lines), settings),
      ),
    );
  }
  if (kept !== undefined) yield kept;
}

/** Changes the window in the file. @returns the new one */
async function change(
  file: LockedFile,
  divide: (before: Buffer) => Tail,
  settings: Settings,
): Promise<Buffer> {
  const { overflow, lock, tornIn } = settings;
  // Even if no line moves: a killed process may have left lines in the overflow that must be undone.
  if (overflow !== undefined) {
    const parts = () => divide(wholeLinesOf(file, contentOf(file, settings), settings));
    return moveLines(file, { divide: parts, to: overflow, reportTorn: tornIn(overflow) }, lock);
  }
  const content = contentOf(file, settings);
  const { kept } = divide(wholeLinesOf(file, content, settings));
  if (!kept.equals(content)) file.replace(kept);
  return kept;
}

/** The content of the file, or only its end if the window needs no more, so that a long file costs nothing. */
function contentOf(file: LockedFile, { window, overflow }: Settings): Buffer {
  const endIsEnough =
    overflow === undefined &&
    window.count < Number.POSITIVE_INFINITY &&
    window.lastMs === Number.POSITIVE_INFINITY;
  return (endIsEnough ? file.readLastLines(window.count) : file.read()) ?? Buffer.alloc(0);
}

function wholeLinesOf(file: LockedFile, content: Buffer, { tornIn }: Settings): Buffer {
  const lines = content.subarray(0, content.lastIndexOf('\n') + 1);
  const torn = content.subarray(lines.length);
  if (torn.length > 0) tornIn(file.name)({ bytes: torn, number: file.countLines() + 1 });
  return lines;
}

async function* grow(file: string, settings: Settings, io: Io): AsyncGenerator<Buffer> {
  let size: number | undefined;
  for await (const lines of usableLines(lastLines({ ...io, ...settings }), io, file)) {
    size = await unlessBusy(file, settings, io, () =>
      withAppendable(file, settings.lock, async (log) => {
        await log.cutTorn(settings.tornIn(file));
        const added = settings.unique ? lines.filter(isNewTo(log.read(0, log.size))) : lines;
        if (added.length > 0) log.append(Buffer.concat(added));
        return log.size;
      }),
    );
  }
  if (size !== undefined) yield* fileChunks(file, io.signal, size);
}

/** The lines of stdin in batches, without those that no window can hold. @throws Failure (no input) if FILE gets none */
async function* usableLines<Item>(
  keeper: LineKeeper<Item>,
  io: Io,
  file?: string,
): AsyncGenerator<readonly Item[]> {
  let seen = 0;
  const arriving = wholeLines(io.stdin, io.reject);
  for await (const { lines, first } of io.isBatch ? inOneBatch(arriving) : arriving) {
    const usable = keeper.usable(lines, first);
    seen += lines.length;
    if (usable.length > 0) yield usable;
  }
  if (seen === 0 && file !== undefined) throw new Failure(status.noInput, 'no complete line on stdin');
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
