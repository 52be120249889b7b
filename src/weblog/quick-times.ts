/** Times of plain lines: most are of the day of the one before, so that only the clock must be read. */

import type { LogTimes } from './log-time.ts';

const COLON = 58;
const ZERO = 48;
const BLANK = 32;
const BRACKET = 93;
/** `[30/Apr/2019`, `[30/Apr/2019:21:11`, `[30/Apr/2019:21:11:42` and that with ` +0000` and the bracket. */
const DATE = 12;
const MINUTE = 18;
const SECOND = 21;
const ALL = 28;
/** Where the clock stands in RFC 3339. */
const CLOCK = 11;

export class QuickTimes {
  readonly #times: LogTimes;
  /** The time that was read last, as it stood in the log. */
  readonly #known = Buffer.alloc(ALL);
  /** The last time in RFC 3339. */
  readonly text = Buffer.alloc(32);
  length = 0;

  constructor(times: LogTimes) {
    this.#times = times;
  }

  /** Reads a time that begins with its bracket, and says where it ends; -1 when it is none, or the bytes are too few. */
  scan(bytes: Buffer, at: number): number {
    const separator = bytes[at + SECOND];
    const length = separator === BLANK ? ALL : SECOND + 1;
    if (bytes[at + length - 1] !== BRACKET) return -1;
    const alike = separator === BLANK || !this.#times.changes ? DATE : MINUTE;
    if (!this.#isKnown(bytes, at, 0, alike) || !this.#isKnown(bytes, at, SECOND, length))
      return this.#learn(bytes, at, length);
    const isClock =
      this.#copyTwo(bytes, at + DATE, CLOCK - 1, 23) &&
      this.#copyTwo(bytes, at + DATE + 3, CLOCK + 2, 59) &&
      this.#copyTwo(bytes, at + DATE + 6, CLOCK + 5, 60);
    return isClock ? at + length : -1;
  }

  #isKnown(bytes: Buffer, at: number, from: number, to: number): boolean {
    for (let place = from; place < to; place++) if (bytes[at + place] !== this.#known[place]) return false;
    return true;
  }

  #learn(bytes: Buffer, at: number, length: number): number {
    const time = this.#times.fromLog(bytes.toString('latin1', at + 1, at + length - 1));
    if (time === undefined) return -1;
    bytes.copy(this.#known, 0, at, at + length);
    this.length = this.text.write(time);
    return at + length;
  }

  /** A colon and two digits up to `most`, to their place behind one in the text. */
  #copyTwo(bytes: Buffer, at: number, to: number, most: number): boolean {
    const tens = (bytes[at + 1] ?? 0) - ZERO;
    const ones = (bytes[at + 2] ?? 0) - ZERO;
    const isNumber = tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 && tens * 10 + ones <= most;
    this.text[to + 1] = tens + ZERO;
    this.text[to + 2] = ones + ZERO;
    return isNumber && bytes[at] === COLON;
  }
}
