import type { WholeLines } from '../readings/reading-interpreter.ts';
import type { Accumulator } from './accumulator.ts';

/** Lines of a source that were counted apart. */
export interface CountedLines {
  readonly accumulator: Accumulator;
  readonly lines: number;
  /** How many of the lines a kernel has counted. */
  readonly plainLines: number;
  readonly comments: number;
  /** What whole lines looked like, in the order of the lines. */
  readonly whole: readonly WholeLines[];
}
