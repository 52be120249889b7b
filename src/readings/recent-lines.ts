/**
 * Lets new lines into a window with a duration, except those that would make it useless: a time far ahead of the clock
 * would push all others out, and a line from before the window would never be seen in it.
 *
 * Memory: the window, and the new lines.
 */

import { lineAt } from '../lines/byte-lines.ts';
import type { Reject, Rejection } from '../lines/line.ts';
import type { FutureCheck } from './ahead.ts';
import { isNewTo, type LineKeeper } from './line-keeper.ts';
import type { LineTimes } from './line-time.ts';
import { newestTime, type Tail, type TimedLine, tailByTime, timedLines, type Window } from './tail.ts';

/** A line of stdin. */
export interface NumberedLine extends TimedLine {
  /** From 1. */
  readonly number: number;
}

interface RecentSettings {
  readonly window: Window;
  /** Whether to drop lines that the window already holds. */
  readonly unique: boolean;
  readonly future: FutureCheck;
  readonly times: LineTimes;
  /** The file that holds the window; undefined if only memory does. */
  readonly file: string | undefined;
  /** Whether lines that leave the window are kept elsewhere; otherwise late lines are only rejected. */
  readonly hasOverflow: boolean;
  readonly reject: Reject;
  /** Called with the number of usable lines. */
  accept(count: number): void;
}

/** The window of one command. */
export class RecentLines implements LineKeeper<NumberedLine> {
  readonly #settings: RecentSettings;
  /** New lines at or before this time are late: the start of the window when the command began. Undefined until known. */
  #oldest: number | undefined;

  constructor(settings: RecentSettings) {
    this.#settings = settings;
  }

  /** The lines of stdin that a window can hold; `first` is the number of the first one. */
  usable(lines: readonly Buffer[], first: number): NumberedLine[] {
    const { future, times, reject } = this.#settings;
    const usable: NumberedLine[] = [];
    const found = times.of(lines.map((bytes) => bytes.toString()));
    for (const [index, bytes] of lines.entries()) {
      const time = found[index];
      if (time === undefined) continue;
      const rejection = typeof time === 'object' ? timeless(time) : future.rejection('line', time);
      if (rejection !== undefined) reject(lineAt(bytes, first + index), rejection);
      else if (typeof time === 'number') usable.push({ bytes, time, number: first + index });
    }
    return usable;
  }

  /** Rejects new lines that are late; they leave the window if such lines are kept elsewhere. */
  divide(before: Buffer, added: readonly NumberedLine[]): Tail {
    const { file, window, unique, hasOverflow, reject, accept } = this.#settings;
    const present = this.#present(before, added[0]?.time);
    const oldest = this.#oldest ?? Number.NEGATIVE_INFINITY;
    const isNew = unique ? isNewTo(before) : () => true;
    const fresh = added.filter(({ bytes }) => isNew(bytes));
    const late = fresh.filter(({ time }) => time <= oldest);
    accept(added.length - late.length);
    const detail = `line is late: older than the window that ${file} held`;
    for (const { bytes, number } of late)
      reject(lineAt(bytes, number), { kind: 'late', detail, isKept: hasOverflow });
    for (const line of fresh) if (line.time > oldest) present.push(line);
    const { leaving, kept } = tailByTime(present, window);
    return { leaving: Buffer.concat([leaving, ...late.map(({ bytes }) => bytes)]), kept };
  }

  /** The lines of the window, without those that it should not hold, which are rejected. */
  #present(before: Buffer, behind: number | undefined): TimedLine[] {
    const { file, window, times } = this.#settings;
    const lines = timedLines(before, times, behind);
    if (file === undefined) return lines;
    const { certain } = this.#settings.future;
    const isGood = ({ time }: TimedLine) => time <= certain && time > Number.NEGATIVE_INFINITY;
    const present = lines.every(isGood)
      ? lines
      : lines.filter((line, index) => isGood(line) || this.#mayStay(line, { file, number: index + 1 }));
    this.#oldest ??= newestTime(present) - window.lastMs;
    return present;
  }

  #mayStay({ bytes, time }: TimedLine, { file, number }: { file: string; number: number }): boolean {
    const { future, times, hasOverflow, reject } = this.#settings;
    const hasTime = time > Number.NEGATIVE_INFINITY;
    // Without a time it leaves the window anyway.
    if (!hasTime && hasOverflow) return true;
    const [problem] = hasTime ? [] : times.of([bytes.toString()]);
    const rejection = typeof problem === 'object' ? timeless(problem) : future.rejection('line', time);
    if (rejection !== undefined) reject(lineAt(bytes, number, false, file), rejection);
    return rejection === undefined;
  }
}

/** What an unreadable time means for the window. */
function timeless(problem: Rejection): Rejection {
  const { kind } = problem;
  if (kind === 'skipped by the clock') return problem;
  if (kind !== 'without an offset')
    return { kind: 'without a time', detail: 'line does not begin with a time' };
  const detail = 'time has no offset, so --last cannot tell how old the line is (--tz Europe/Berlin, or UTC)';
  return { kind, detail };
}
