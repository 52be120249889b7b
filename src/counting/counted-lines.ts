import type { WholeLines } from '../readings/reading-interpreter.ts';
import type { Accumulator } from './accumulator.ts';

/** Lines of a source that were counted by other threads. */
export interface CountedLines {
  readonly accumulator: Accumulator;
  readonly lines: number;
  /** How many of the lines a kernel has counted. */
  readonly plainLines: number;
  readonly comments: number;
  /** What complete lines looked like, to judge a torn one by; in the order of the lines. */
  readonly whole: readonly WholeLines[];
}
