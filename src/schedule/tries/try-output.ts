/** Copies one output of a try, with secrets hidden, to its log, and to our own output if asked for. */

import { PassedOn } from '../../commands/passed-on.ts';
import { type Lines, LogLines } from './log-lines.ts';
import type { SecretStream } from './secrets.ts';
import type { TryLog } from './try-log.ts';

/** Takes whole lines, and parts of long ones; nothing more is read until the returned promise settles. */
export type Passthrough = (lines: Buffer) => Promise<unknown> | undefined;

interface OutputOptions {
  readonly letter: 'O' | 'E';
  readonly log: Pick<TryLog, 'add'>;
  readonly secrets: SecretStream;
  readonly passthrough: Passthrough | undefined;
  now(): number;
}

/** One output, read from its pipe. */
export class TryOutput {
  readonly #options: OutputOptions;
  readonly #lines: LogLines;
  readonly #pipe: PassedOn;
  #passthrough: Passthrough | undefined;

  constructor(descriptor: number, options: OutputOptions) {
    this.#options = options;
    this.#passthrough = options.passthrough;
    this.#lines = new LogLines(options.letter);
    this.#pipe = new PassedOn(descriptor, async (chunk) => this.#take(options.secrets.take(chunk)));
  }

  /** Drains the output after the first process has ended. */
  async rest(): Promise<void> {
    await this.#pipe.rest();
    await this.#take(this.#options.secrets.end());
    await this.#passOn(this.#lines.end(this.#options.now()));
  }

  /** Reads nothing more. */
  drop(): void {
    this.#pipe.drop();
  }

  async #take(bytes: Buffer): Promise<void> {
    await this.#passOn(this.#lines.take(bytes, this.#options.now()));
  }

  async #passOn({ plain, logged }: Lines): Promise<void> {
    this.#options.log.add(logged);
    if (plain.length === 0) return;
    try {
      await this.#passthrough?.(plain);
    } catch {
      // The reader is gone, but the try goes on.
      this.#passthrough = undefined;
    }
  }
}
