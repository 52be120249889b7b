/** Errors in a crontab. */

export interface Problem {
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** A problem at an index of a line. Never escapes `readCrontab`. */
export class Fault extends Error {
  readonly index: number;

  constructor(index: number, message: string) {
    super(message);
    this.index = index;
  }
}
