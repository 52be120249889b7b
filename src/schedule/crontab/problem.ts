/** What is wrong with a crontab. */

export interface Problem {
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** A problem with a part of a line, at an index into the line. It does not leave readCrontab. */
export class Fault extends Error {
  readonly index: number;

  constructor(index: number, message: string) {
    super(message);
    this.index = index;
  }
}
