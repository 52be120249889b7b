/** Guesses what stands between the columns of lines in which another delimiter was looked for. */

import type { Line, Rejection } from './line.ts';

const USUAL = [',', ';', '\t', '|'];
/** How many lines tell enough. */
const SAMPLE = 3;

/**
 * A question for the user: `did you mean -d ';'?`
 *
 * @param lines of one table @returns undefined unless all have as many of another usual delimiter, and fewer of this one
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

/** Hears what becomes of lines. */
interface Report {
  accept(count: number): void;
  reject(line: Line, rejection: Rejection, times?: number): void;
}

/** Keeps the first rejected lines in mind, as long as no other line comes. */
export class UselessLines {
  #sample: string[] = [];
  #isAny = false;

  /** The same report, listened to. */
  watch(report: Report): Report {
    return {
      accept: (count) => {
        this.#isAny ||= count > 0;
        report.accept(count);
      },
      reject: (line, rejection, times) => {
        this.#isAny ||= rejection.isPartial === true;
        if (this.#sample.length < SAMPLE) this.#sample.push(line.text);
        report.reject(line, rejection, times);
      },
    };
  }

  /** As delimiterHint; undefined when a line was of use. */
  hint(delimiter: string): string | undefined {
    return this.#isAny ? undefined : delimiterHint(this.#sample, delimiter);
  }
}
