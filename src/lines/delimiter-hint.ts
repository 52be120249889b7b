/** Guesses the delimiter of lines that were read with the wrong one. */

import type { Line, Rejection } from './line.ts';

const USUAL = [',', ';', '\t', '|'];
/** How many lines are enough to tell. */
const SAMPLE = 3;
/** Warn after this many useless lines, so that nobody has to wait for the end of a large file. */
const MANY = 1000;

/**
 * A question for the user: `did you mean -d ';'?`
 *
 * @param lines of one table @returns undefined unless all lines have the same number of another usual delimiter, and more
 * of it than of this one
 */
export function delimiterHint(lines: readonly string[], delimiter: string): string | undefined {
  const [first] = lines;
  if (first === undefined || lines.some((line) => line.startsWith('{'))) return undefined;
  const count = (line: string, character: string) => line.split(character).length - 1;
  const isLikely = (character: string) =>
    count(first, character) > count(first, delimiter) &&
    lines.every((line) => count(line, character) === count(first, character));
  const [likely] = USUAL.filter(isLikely).sort((a, b) => count(first, b) - count(first, a));
  return likely === undefined ? undefined : `did you mean -d '${likely === '\t' ? '\\t' : likely}'?`;
}

/** Told what becomes of lines. */
interface Report {
  accept(count: number): void;
  reject(line: Line, rejection: Rejection, times?: number): void;
}

/** Asks whether another delimiter was meant, after many rejected lines or at the end, unless a line was usable. */
export class UselessLines {
  readonly #delimiter: string;
  readonly #warn: (message: string) => void;
  #sample: string[] = [];
  #rejected = 0;
  /** Whether a line was usable, or the question was asked. */
  #isSettled = false;

  constructor(delimiter: string, warn: (message: string) => void) {
    this.#delimiter = delimiter;
    this.#warn = warn;
  }

  /** Wraps a report to watch what goes through it. */
  watch(report: Report): Report {
    return {
      accept: (count) => {
        this.#isSettled ||= count > 0;
        report.accept(count);
      },
      reject: (line, rejection, times = 1) => {
        report.reject(line, rejection, times);
        this.#isSettled ||= rejection.isPartial === true;
        if (!this.#isSettled) this.#note(line.text, times);
      },
    };
  }

  /** Ends the input. */
  end(): void {
    if (!this.#isSettled) this.#ask('no line');
  }

  #note(text: string, times: number): void {
    if (this.#sample.length < SAMPLE) this.#sample.push(text);
    this.#rejected += times;
    if (this.#rejected >= MANY) this.#ask(`none of the first ${MANY} lines`);
  }

  #ask(which: string): void {
    this.#isSettled = true;
    const hint = delimiterHint(this.#sample, this.#delimiter);
    if (hint !== undefined) this.#warn(`${which} is a reading: ${hint}`);
  }
}
