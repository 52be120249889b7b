/** Keeps the window of a log up to date as lines arrive, whatever defines the window. */

import { splitBytes } from '../lines/byte-splitter.ts';
import { type Tail, tail, type Window } from './tail.ts';

/** Decides which lines a window holds. `Item` is a new line. */
export interface LineKeeper<Item> {
  /** The lines of stdin that a window can hold; `first` is the number of the first one. */
  usable(lines: readonly Buffer[], first: number): readonly Item[];
  /** Divides the lines of a window and new ones into the next window and the lines that leave it. */
  divide(before: Buffer, added: readonly Item[]): Tail;
}

interface CountSettings {
  readonly window: Window;
  /** Whether to drop lines that the window already holds. */
  readonly unique: boolean;
  /** Called with the number of usable lines. */
  accept(count: number): void;
}

/** Keeps the last lines, whatever they are. */
export function lastLines({ window, unique, accept }: CountSettings): LineKeeper<Buffer> {
  return {
    usable(lines) {
      accept(lines.length);
      return lines;
    },
    divide: (before, added) =>
      tail(Buffer.concat([before, ...(unique ? added.filter(isNewTo(before)) : added)]), window),
  };
}

/** A filter that passes each line once, and none of the known ones. */
export function isNewTo(known: Buffer): (line: Buffer) => boolean {
  // latin1 keeps every byte, whatever the encoding of the lines.
  const seen = new Set(splitBytes(known).map((line) => line.toString('latin1')));
  return (line) => {
    const text = line.toString('latin1');
    return !seen.has(text) && seen.add(text) !== undefined;
  };
}
